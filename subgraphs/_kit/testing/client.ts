import type { GraphQLFormattedError } from 'graphql'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { IDENTITY_HEADER } from '@codai/runtime'
import type { Identity, IdentitySigner } from '@codai/runtime'

/** An answer as a caller sees it. `Data` is loose on purpose: a test says what it expects. */
export type Answer = {
  // oxlint-disable-next-line typescript/no-explicit-any -- a test reads whatever it asked for
  data: any
  errors?: readonly GraphQLFormattedError[]
  /** The codes of the errors, in order; empty when there are none. */
  codes: readonly string[]
}

/** A live stream, read event by event. */
export type LiveStream = {
  /** Whether the server accepted the subscription; if not, `next` gives its refusal. */
  begun: boolean
  /** The next event; fails after ten seconds without one. */
  next(): Promise<Answer>
  /** Resolves when the server ended the stream. */
  ended(): Promise<void>
  stop(): Promise<void>
}

/** Calls one subgraph as somebody. */
export type TestClient = {
  query(document: string, variables?: Record<string, unknown>): Promise<Answer>
  /** Subscribes, and resolves when the server has begun to listen: what happens next will arrive. */
  subscribe(document: string, variables?: Record<string, unknown>): Promise<LiveStream>
}

const patienceMs = 10_000

const answerOf = (body: { data?: unknown; errors?: readonly GraphQLFormattedError[] | undefined }): Answer => ({
  data: body.data,
  ...(body.errors && { errors: body.errors }),
  codes: (body.errors ?? []).map(({ extensions }) =>
    typeof extensions?.['code'] === 'string' ? extensions['code'] : 'NO_CODE',
  ),
})

const within = async <Value>(promise: Promise<Value>, what: string): Promise<Value> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come within ${patienceMs / 1000} seconds.`)), patienceMs)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

/** A client of the subgraph at `url`. Without an identity nothing is sent, which every subgraph refuses. */
export const createTestClient = (options: {
  url: string
  signer: IdentitySigner
  identity: Identity | undefined
  /** How many subscriptions the server has begun so far. */
  subscriptionsStarted: () => Promise<number>
}): TestClient => {
  const { url, signer, identity, subscriptionsStarted } = options
  const token = async (): Promise<Record<string, string>> =>
    identity ? { [IDENTITY_HEADER]: await signer.sign(identity) } : {}

  return {
    query: async (query, variables) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(await token()) },
        body: JSON.stringify({ query, variables }),
      })
      return answerOf((await response.json()) as { data?: unknown })
    },

    subscribe: async (query, variables) => {
      const before = await subscriptionsStarted()
      const client = createClient({
        url: `${url.replace(/^http/, 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        connectionParams: async () => ({ identity: (await token())[IDENTITY_HEADER] }),
      })
      const events = client.iterate({ query, ...(variables && { variables }) })
      const first = events.next()
      // A refusal arrives as the first event, so waiting for the beginning must not hide it.
      const settled = first.then(
        () => true,
        () => true,
      )
      const begun = await within(
        (async () => {
          for (;;) {
            if ((await subscriptionsStarted()) > before) return true
            const answered = await Promise.race([
              settled,
              new Promise<false>((resolve) => setTimeout(() => resolve(false), 5)),
            ])
            if (answered) return (await subscriptionsStarted()) > before
          }
        })(),
        'The beginning of the stream',
      )
      let pending: typeof first | undefined = first
      const take = (): typeof first => {
        const taken = pending ?? events.next()
        pending = undefined
        return taken
      }
      return {
        begun,
        next: async () => {
          // A socket refused at its start is an error of the connection, which clients report as a closing event.
          const result = await within(take(), 'An event').catch((error: unknown) => refusal(error))
          if (result.done) throw new Error('The stream ended.')
          return answerOf(result.value)
        },
        ended: async () => {
          for (let result = await within(take(), 'The end'); !result.done; result = await within(take(), 'The end'));
        },
        stop: async () => {
          pending?.catch(() => undefined)
          await client.dispose()
        },
      }
    },
  }
}

type Refused = { done: false; value: { errors: readonly GraphQLFormattedError[] } }

const refusal = (error: unknown): Refused => {
  if (Array.isArray(error)) return { done: false, value: { errors: error as GraphQLFormattedError[] } }
  throw error instanceof Error ? error : new Error(`The stream was closed: ${JSON.stringify(error)}`)
}
