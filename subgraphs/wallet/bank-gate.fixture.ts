import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** A door between the wallets and the bank, which a test opens and shuts. */
export type BankGate = {
  /** For SUBGRAPH_HOST_TEMPLATE of the process that is to go through the gate. */
  template: string
  /** Lets nothing through: whoever comes finds nobody there. */
  shut(): void
  open(): void
  /** Does something when the bank has answered the next transfer, in place of telling the wallets. */
  interceptTransfer(work: () => Promise<void>): void
  stop(): Promise<void>
}

/** Starts a gate, open. */
export const startBankGate = async (): Promise<BankGate> => {
  let isOpen = true
  let intercept: (() => Promise<void>) | undefined

  const server = createServer((request, response) => {
    const pass = async (): Promise<void> => {
      const body = await buffer(request)
      if (!isOpen) throw new Error('shut')
      const [, port, ...path] = (request.url ?? '').split('/')
      const headers = Object.fromEntries(
        Object.entries(request.headers).filter(([name]) => name === 'content-type' || name.startsWith('x-')),
      ) as Record<string, string>
      const answer = await fetch(`http://127.0.0.1:${port}/${path.join('/')}`, { method: 'POST', headers, body })
      const text = await answer.text()
      if (intercept && text.includes('"transfer":{')) {
        const work = intercept
        intercept = undefined
        await work()
        throw new Error('lost')
      }
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text)
    }
    pass().catch(() => response.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    template: `http://127.0.0.1:${(server.address() as AddressInfo).port}/{port}`,
    shut: () => {
      isOpen = false
    },
    open: () => {
      isOpen = true
    },
    interceptTransfer: (work) => {
      intercept = work
    },
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
