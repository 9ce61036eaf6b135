import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** A door between codai and the gateway, which a test opens and shuts. */
export type GraphGate = {
  /** For GATEWAY_URL of the service that is to go through the gate. */
  url: string
  leadTo(gatewayUrl: string): void
  /** Lets nothing through: whoever comes finds nobody there. */
  shut(): void
  open(): void
  /** Does something when the graph has answered the next request that has a text in it, and then loses the answer. */
  loseAnswer(text: string, work: () => Promise<void>): void
  /** How many requests with a text in them came so far. */
  came(text: string): number
  stop(): Promise<void>
}

/** Starts a gate, open. */
export const startGraphGate = async (): Promise<GraphGate> => {
  let target = ''
  let isOpen = true
  let loss: { text: string; work: () => Promise<void> } | undefined
  const bodies: string[] = []

  const server = createServer((request, response) => {
    const pass = async (): Promise<void> => {
      const body = (await buffer(request)).toString('utf8')
      bodies.push(body)
      if (!isOpen) throw new Error('shut')
      const { authorization = '' } = request.headers
      const headers = { 'content-type': 'application/json', authorization }
      const answer = await fetch(`${target}/graphql`, { method: 'POST', headers, body })
      const text = await answer.text()
      if (loss && body.includes(loss.text)) {
        const { work } = loss
        loss = undefined
        await work()
        throw new Error('lost')
      }
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text)
    }
    pass().catch(() => response.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo: (gatewayUrl) => {
      target = gatewayUrl
    },
    shut: () => {
      isOpen = false
    },
    open: () => {
      isOpen = true
    },
    loseAnswer: (text, work) => {
      loss = { text, work }
    },
    came: (text) => bodies.filter((body) => body.includes(text)).length,
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
