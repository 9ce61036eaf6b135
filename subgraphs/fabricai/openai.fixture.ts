import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** What the server does with a request. */
export type Behaviour =
  | { status: number }
  | { vectors: readonly (readonly number[])[] }
  | {
      tokens: readonly string[]
      /** Cuts the connection behind so many tokens. */
      breaksAfter?: number
      /** Is silent behind all tokens until this resolves. */
      until?: Promise<void>
    }

/** A request as it arrived. */
export type Received = { path: string; authorization: string | undefined; body: Record<string, unknown> }

/** A local server that speaks OpenAI's protocol. */
export type OpenAiServer = {
  /** As `AI_ENDPOINTS` has it. */
  url: string
  received: Received[]
  /** What is done with the next requests, in turn; then with all others as with the last of them. */
  behave: (...behaviours: readonly [Behaviour, ...Behaviour[]]) => void
  stop: () => Promise<void>
}

const usage = { prompt_tokens: 40, completion_tokens: 7, total_tokens: 47 }

const answerWith = async (response: ServerResponse, behaviour: Behaviour): Promise<void> => {
  if ('status' in behaviour) {
    response.writeHead(behaviour.status, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ error: { message: 'internals that nobody needs to see' } }))
    return
  }
  if ('vectors' in behaviour) {
    response.writeHead(200, { 'content-type': 'application/json' })
    // The protocol does not promise an order.
    const data = behaviour.vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })).toReversed()
    response.end(JSON.stringify({ object: 'list', data, usage: { prompt_tokens: 40, total_tokens: 40 } }))
    return
  }
  const { tokens, breaksAfter, until } = behaviour
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(': a comment, as some servers send to keep a connection open\n\n')
  const chunk = (choices: unknown, more: object = {}): string =>
    `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', choices, ...more })}\n\n`
  response.write(chunk([{ index: 0, delta: { role: 'assistant', content: '' } }]))
  for (const content of tokens.slice(0, breaksAfter)) {
    const event = chunk([{ index: 0, delta: { content } }])
    // In two pieces, as networks do.
    response.write(event.slice(0, 9))
    response.write(event.slice(9))
  }
  if (breaksAfter !== undefined) {
    await new Promise((resolve) => setImmediate(resolve))
    response.destroy()
    return
  }
  await until
  response.write(chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]))
  response.write(chunk([], { usage }))
  response.end('data: [DONE]\n\n')
}

/** Starts the server; it does as it was last told. */
export const startOpenAi = async (): Promise<OpenAiServer> => {
  const received: Received[] = []
  let plan: readonly [Behaviour, ...Behaviour[]] = [{ status: 503 }]

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = JSON.parse(await text(request)) as Record<string, unknown>
    received.push({ path: request.url ?? '', authorization: request.headers.authorization, body })
    const [behaviour, next, ...others] = plan
    if (next) plan = [next, ...others]
    await answerWith(response, behaviour)
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    received,
    behave: (...behaviours) => {
      plan = behaviours
    },
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
