import { appendFile, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { inheritedEnvironment, silentLogger, spawnChild } from '@codai/runtime'
import type { Child } from '@codai/runtime'
import type { Hash, Hex } from 'viem'
import { describe, expect, test } from 'vitest'

import { DEPLOY_LOGGER, DEPLOY_REVERTER, newAccount, sign, useChainFolder } from './fixtures/chains.ts'
import { readGenesis } from './genesis.ts'
import { openChain, requestDevelopmentCoins } from './index.ts'
import type { ChainClient } from './index.ts'
import { createNode } from './node.ts'

const folder = useChainFolder()

/** All that can be seen of a chain. */
const snapshot = async (client: ChainClient, addresses: readonly Hex[]): Promise<unknown> => {
  const height = Number(await client.getBlockNumber())
  const blocks = await Promise.all(
    Array.from({ length: height + 1 }, (_, number) =>
      client.getBlock({ blockNumber: BigInt(number), includeTransactions: true }),
    ),
  )
  const hashes = blocks.flatMap(({ transactions }) => transactions.map(({ hash }) => hash))
  return {
    blocks,
    receipts: await Promise.all(hashes.map((hash) => client.getTransactionReceipt({ hash }))),
    balances: await Promise.all(addresses.map((address) => client.getBalance({ address }))),
    nonces: await Promise.all(addresses.map((address) => client.getTransactionCount({ address }))),
    codes: await Promise.all(addresses.map((address) => client.getCode({ address }))),
    logs: await client.getLogs({ fromBlock: 0n }),
    fees: await client.getGasPrice(),
  }
}

describe('what a chain keeps', () => {
  test('is the same after a stop and a start, to the last hash', async () => {
    let time = Date.parse('2026-05-01T12:00:00.500Z')
    const first = await folder.start(() => new Date(time))
    const [ada, bob] = [newAccount(), newAccount()]
    await requestDevelopmentCoins(first.client, ada.address)
    const send = async (nonce: number, transaction: { to?: Hex; value?: bigint; data?: Hex }) => {
      time += 700
      const serializedTransaction = await sign(ada, nonce, transaction)
      return first.client.getTransactionReceipt({
        hash: await first.client.sendRawTransaction({ serializedTransaction }),
      })
    }
    await send(0, { to: bob.address, value: 5n })
    const logger = (await send(1, { data: DEPLOY_LOGGER })).contractAddress ?? '0x'
    const reverter = (await send(2, { data: DEPLOY_REVERTER })).contractAddress ?? '0x'
    await send(3, { to: logger })
    await send(4, { to: reverter })
    const addresses = [ada.address, bob.address, logger, reverter]
    const before = await snapshot(first.client, addresses)
    await first.chain.stop()

    time += 86_400_000
    const second = await folder.start(() => new Date(time))
    expect(await snapshot(second.client, addresses)).toEqual(before)
    expect(before).toMatchObject({ logs: [{ address: logger }] })
    // Whoever asks the faucet again gets the gift of then, and no other.
    await requestDevelopmentCoins(second.client, ada.address)
    expect(await second.client.getBlockNumber()).toBe(6n)
  })

  test('survives kill -9 in the midst of sending: all that was answered is there, as it was answered', async () => {
    const dataDir = join(folder.path(), 'chain')
    const children: Child[] = []
    const startChild = async (): Promise<{ child: Child; url: string }> => {
      const child = spawnChild({
        name: 'chain',
        command: process.execPath,
        args: ['--import', 'tsx', join(import.meta.dirname, 'fixtures/chain-process.ts'), dataDir],
        env: inheritedEnvironment(),
        logger: silentLogger,
      })
      children.push(child)
      const { url } = await child.ready
      return { child, url: String(url) }
    }
    const ada = newAccount()
    const answered = new Map<Hash, { blockHash: Hash; blockNumber: bigint }>()
    let nonce = 0

    for (const lives of [1, 2]) {
      const { child, url } = await startChild()
      const client = openChain({ url })
      await requestDevelopmentCoins(client, ada.address)
      for (;;) {
        if (answered.size === lives * 12) void child.stop('SIGKILL')
        try {
          const hash = await client.sendRawTransaction({
            serializedTransaction: await sign(ada, nonce, { to: ada.address, value: BigInt(nonce) }),
          })
          nonce += 1
          answered.set(hash, await client.getTransactionReceipt({ hash }))
        } catch {
          break
        }
      }
      await child.exited
      // The last one may be in the journal, though its answer never came.
      const { client: reader, chain } = await folder.start()
      nonce = await reader.getTransactionCount({ address: ada.address })
      expect(nonce).toBeGreaterThanOrEqual(answered.size)
      for (const [hash, { blockHash, blockNumber }] of answered) {
        expect(await reader.getTransactionReceipt({ hash })).toMatchObject({ blockHash, blockNumber })
      }
      expect(await reader.getBlockNumber()).toBe(BigInt(nonce) + 1n)
      await chain.stop()
    }
    expect(answered.size).toBeGreaterThanOrEqual(24)
  })

  test('is without the last line of its journal when a crash cut it short', async () => {
    const first = await folder.start()
    const { address } = newAccount()
    await requestDevelopmentCoins(first.client, address)
    await first.chain.stop()
    const journal = join(folder.path(), 'chain/journal.jsonl')
    const whole = await readFile(journal, 'utf8')
    await appendFile(journal, whole.slice(0, -20))

    const second = await folder.start()
    expect(await second.client.getBlockNumber()).toBe(1n)
    await requestDevelopmentCoins(second.client, newAccount().address)
    await second.chain.stop()
    expect(await (await folder.start()).client.getBlockNumber()).toBe(2n)
  })

  test('is never silently another: a changed journal or a lost genesis stops the start', async () => {
    const first = await folder.start()
    await requestDevelopmentCoins(first.client, newAccount().address)
    await requestDevelopmentCoins(first.client, newAccount().address)
    await first.chain.stop()
    const journal = join(folder.path(), 'chain/journal.jsonl')
    const genesis = join(folder.path(), 'chain/genesis.json')
    const [lines, kept] = [await readFile(journal, 'utf8'), await readFile(genesis, 'utf8')]

    await writeFile(journal, lines.replace('{', '?'))
    await expect(folder.start()).rejects.toThrow(/Line 1 of the chain's journal .* is damaged/)
    await writeFile(journal, lines.slice(lines.indexOf('\n') + 1))
    await expect(folder.start()).rejects.toThrow(/Line 1 .* is damaged/)
    await writeFile(
      journal,
      lines.replace(/"timestamp":(\d+)(?=.*\n$)/, (_, time: string) => `"timestamp":${Number(time) + 1}`),
    )
    await expect(folder.start()).rejects.toThrow(/does not give the same chain again/)
    await writeFile(journal, lines)
    await rm(genesis)
    await expect(folder.start()).rejects.toThrow(/does not give the same chain again/)
    await writeFile(genesis, '{}')
    await expect(folder.start()).rejects.toThrow(/is not the genesis of a chain/)
    await writeFile(genesis, kept)
    expect(await (await folder.start()).client.getBlockNumber()).toBe(2n)
  })

  test('is not told of when it could not be written down', async () => {
    const genesis = await readGenesis(join(folder.path(), 'genesis.json'), new Date())
    const append = () => Promise.reject(new Error('no space left'))
    const node = await createNode({
      genesis,
      journal: { append, close: async () => {} },
      entries: [],
      now: () => new Date(),
      logger: silentLogger,
    })
    expect(await node.request('eth_blockNumber', [])).toBe('0x0')
    await expect(node.request('codai_faucet', [newAccount().address])).rejects.toMatchObject({ code: -32_603 })
    await expect(node.request('eth_blockNumber', [])).rejects.toThrow(/has to be started again/)
  })

  test('belongs to one process at a time', async () => {
    await folder.start()
    await expect(folder.start()).rejects.toMatchObject({
      code: 'DATA_FOLDER_IN_USE',
      message: expect.stringMatching('set EVM_RPC_URL in both'),
    })
  })
})
