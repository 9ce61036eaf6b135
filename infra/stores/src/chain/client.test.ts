import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

import { describe, expect, test } from 'vitest'

import { newAccount, useChainFolder } from './fixtures/chains.ts'
import { openChain } from './index.ts'

const folder = useChainFolder()

describe('a client', () => {
  test('names the host that is out of reach, and keeps the key in the path to itself', async () => {
    const { chain } = await folder.start()
    await chain.stop()
    const { host } = new URL(chain.url)
    const client = openChain({ url: `${chain.url}/v2/secret-key` })
    const error: unknown = await client.getBlockNumber().catch((error: unknown) => error)
    expect(error).toMatchObject({
      code: 'STORE_UNREACHABLE',
      message: `The EVM chain at ${host} cannot be used: connect ECONNREFUSED ${host}. Is it running, and is EVM_RPC_URL right?`,
    })
    const texts: string[] = []
    for (let next = error; next instanceof Error; next = next.cause)
      texts.push(String(next.stack), JSON.stringify(next))
    expect(texts.join()).not.toContain('secret-key')
  })

  test('sends reads that are asked for together as one request', async () => {
    let requests = 0
    const chain = createServer((request, response) => {
      requests += 1
      void json(request).then((calls) => {
        const answers = (calls as { id: number }[]).map(({ id }) => ({ jsonrpc: '2.0', id, result: '0x7' }))
        response.end(JSON.stringify(answers))
      })
    })
    await once(chain.listen(0, '127.0.0.1'), 'listening')
    const client = openChain({ url: `http://127.0.0.1:${(chain.address() as AddressInfo).port}` })
    const addresses = Array.from({ length: 20 }, () => newAccount().address)
    const balances = await Promise.all(addresses.map((address) => client.getBalance({ address })))
    expect(balances).toEqual(addresses.map(() => 7n))
    expect(requests).toBe(1)
    chain.close()
  })

  test('refuses an address that is not one of HTTP', () => {
    expect(() => openChain({ url: 'ws://127.0.0.1:1' })).toThrow(/only http: and https:/)
  })
})
