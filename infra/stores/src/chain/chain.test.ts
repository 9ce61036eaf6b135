import { createLifecycle, readConfig, silentLogger } from '@codai/runtime'
import { parseEther } from 'viem'
import type { Hash, Hex } from 'viem'
import { describe, expect, test } from 'vitest'

import { startEmbeddedStores } from '../embedded.ts'
import { DEPLOY_REVERTER, newAccount, sign, useChainFolder } from './fixtures/chains.ts'
import { isDevelopmentChain, openChain, requestDevelopmentCoins } from './index.ts'

const folder = useChainFolder()

const rpc = async (
  url: string,
  body: string,
  type = 'application/json',
): Promise<{ status: number; answer: unknown }> => {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body })
  return { status: response.status, answer: await response.json().catch(() => undefined) }
}

describe('a development chain', () => {
  test('moves coins, and has every transaction in a block at once', async () => {
    const { client } = await folder.start()
    const [ada, bob] = [newAccount(), newAccount()]
    await requestDevelopmentCoins(client, ada.address)
    const hash = await client.sendRawTransaction({
      serializedTransaction: await sign(ada, 0, { to: bob.address, value: parseEther('1.5') }),
    })
    const receipt = await client.getTransactionReceipt({ hash })
    expect(receipt).toMatchObject({ status: 'success', blockNumber: 2n })
    expect(await client.getBalance({ address: bob.address })).toBe(parseEther('1.5'))
    const { gasUsed, effectiveGasPrice } = receipt
    expect(await client.getBalance({ address: ada.address })).toBe(parseEther('8.5') - gasUsed * effectiveGasPrice)
  })

  test('gives an address its coins once, however often and at once it is asked', async () => {
    const { client } = await folder.start()
    const { address } = newAccount()
    const lower = address.toLowerCase() as Hex
    const hashes = await Promise.all([address, lower, address].map((to) => requestDevelopmentCoins(client, to)))
    expect(new Set(hashes).size).toBe(1)
    expect(await client.getBalance({ address })).toBe(parseEther('10'))
  })

  test('says what it is, so that no real chain is taken for it', async () => {
    const { client } = await folder.start()
    expect(await isDevelopmentChain(client)).toBe(true)
    expect(await client.getChainId()).toBe(31_337)
  })

  test('runs contracts, and tells of a revert', async () => {
    const { client } = await folder.start()
    const ada = newAccount()
    await requestDevelopmentCoins(client, ada.address)
    const send = async (nonce: number, transaction: { to?: Hex; data?: Hex }) =>
      client.getTransactionReceipt({
        hash: await client.sendRawTransaction({ serializedTransaction: await sign(ada, nonce, transaction) }),
      })
    const reverter = (await send(0, { data: DEPLOY_REVERTER })).contractAddress ?? '0x'
    expect(await send(1, { to: reverter })).toMatchObject({ status: 'reverted' })
    await expect(client.estimateGas({ account: ada.address, to: reverter })).rejects.toThrow(/revert/)
    await expect(client.call({ account: ada.address, to: reverter })).rejects.toThrow(/revert/)
  })

  test('refuses what does not follow, and goes on', async () => {
    const { client } = await folder.start()
    const ada = newAccount()
    await requestDevelopmentCoins(client, ada.address)
    const send = async (nonce: number, value = 1n): Promise<Hash> =>
      client.sendRawTransaction({ serializedTransaction: await sign(ada, nonce, { to: ada.address, value }) })
    await expect(send(1)).rejects.toThrow(/nonce too high/i)
    await expect(send(0, parseEther('11'))).rejects.toThrow(/enough funds/)
    await send(0)
    await expect(send(0)).rejects.toThrow(/nonce too low/i)
    await expect(client.sendRawTransaction({ serializedTransaction: '0x12' })).rejects.toThrow(/transaction type/)
    expect(await client.getBlockNumber()).toBe(2n)
  })

  test('has no door to change the past or to read what is not there', async () => {
    const { chain } = await folder.start()
    for (const method of ['evm_mine', 'hardhat_setBalance', 'eth_sendTransaction', 'eth_accounts', 'toString', '']) {
      const { answer } = await rpc(chain.url, JSON.stringify({ jsonrpc: '2.0', id: 7, method, params: [] }))
      expect(answer).toMatchObject({ id: 7, error: { code: -32_601 } })
    }
  })

  test('answers batches in their order, and refuses what is no request', async () => {
    const { chain } = await folder.start()
    const one = { jsonrpc: '2.0', id: 'a', method: 'net_version' }
    const { answer } = await rpc(chain.url, JSON.stringify([one, { id: 2, method: 'nothing' }, { id: 3 }, 4]))
    expect(answer).toMatchObject([
      { id: 'a', result: '31337' },
      { id: 2, error: { code: -32_601 } },
      { id: 3, error: { code: -32_600 } },
      { id: null, error: { code: -32_600 } },
    ])
    expect((await rpc(chain.url, '{')).answer).toMatchObject({ id: null, error: { code: -32_700 } })
    expect((await rpc(chain.url, '[]')).answer).toMatchObject({ id: null, error: { code: -32_600 } })
    expect((await rpc(chain.url, 'null')).answer).toMatchObject({ id: null, error: { code: -32_600 } })
    expect((await rpc(chain.url, JSON.stringify(one), 'text/plain')).status).toBe(415)
    expect((await rpc(chain.url, JSON.stringify('x'.repeat(2_000_000)))).status).toBe(413)
    expect((await fetch(chain.url)).status).toBe(405)
  })
})

test('the embedded stores have a chain, which ends with the process, unless one is configured', async () => {
  const lifecycle = createLifecycle({ logger: silentLogger })
  const configured = {
    DATA_DIR: folder.path(),
    DATABASE_URL: 'postgresql://127.0.0.1:1/x',
    MONGODB_URL: 'mongodb://127.0.0.1:1',
  }
  const { evmRpcUrl } = await startEmbeddedStores({
    config: readConfig(configured),
    logger: silentLogger,
    lifecycle,
  })
  expect(await isDevelopmentChain(openChain({ url: evmRpcUrl }))).toBe(true)
  await lifecycle.stop()
  await expect(isDevelopmentChain(openChain({ url: evmRpcUrl }))).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
})
