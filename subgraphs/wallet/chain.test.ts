import { randomUUID } from 'node:crypto'
import { openChain, requestDevelopmentCoins } from '@codai/stores/chain'
import type { ChainClient } from '@codai/stores/chain'
import { parseEther } from 'viem'
import type { Address, Hash } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import type { PrivateKeyAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import bancai from '../bancai/subgraph.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { createChainTransfers } from './chain-transfers.ts'
import type { Service } from './context.ts'
import { accepted, createPerson } from './people.fixture.ts'
import { createRequests } from './requests.ts'
import wallet from './subgraph.ts'

let world: TestWorld
let chain: ChainClient
beforeAll(async () => {
  world = await startWorld([wallet, bancai])
  chain = openChain({ url: world.hosted().platform.config.evmRpcUrl ?? '' })
})
afterAll(() => world?.stop())

const newPerson = () => createPerson(world, { id: `person-${randomUUID()}` })
const newAddress = (): Address => privateKeyToAddress(generatePrivateKey())
const serviceOf = (): Service => world.hosted().service as Service

/** Who signs for a wallet: the service alone, as a rule. */
const signerOf = async (ownerId: string, walletId: string): Promise<PrivateKeyAccount> => {
  const { store, vault } = serviceOf()
  const state = await store.chainState(walletId, ownerId)
  return vault.open(walletId, state?.sealedKey ?? '')
}

/** A person whose wallet has ten coins. */
const holder = async () => {
  const ada = newPerson()
  const { wallet: from } = await ada.funded('0')
  const { address } = await ada.wallet(from)
  await requestDevelopmentCoins(chain, address)
  return { ada, from, address: address as Address }
}

describe('coins of a wallet', () => {
  it('arrive at any address, and the wallet shows what is left', async () => {
    const { ada, from, address } = await holder()
    const to = newAddress()
    const { sendOnChain: sent } = await accepted(ada.send(from, to.toLowerCase(), '1.000000000000000001'))
    expect(sent).toMatchObject({
      to,
      status: 'CONFIRMED',
      amount: { amount: '1.000000000000000001', currency: 'ETH' },
      wallet: { id: from, address },
    })
    expect(await chain.getBalance({ address: to })).toBe(parseEther('1') + 1n)
    const { gasUsed, effectiveGasPrice } = await chain.getTransactionReceipt({ hash: sent.hash })
    const left = parseEther('9') - 1n - gasUsed * effectiveGasPrice
    const { assets } = await ada.wallet(from)
    expect(parseEther(assets.at(-1).amount.amount)).toBe(left)
  })

  it('under one key are sent once, also when they are sent many times at once', async () => {
    const { ada, from } = await holder()
    const to = newAddress()
    const answers = await Promise.all(Array.from({ length: 10 }, () => accepted(ada.send(from, to, '0.5', 'once'))))
    expect(new Set(answers.map(({ sendOnChain }) => sendOnChain.hash)).size).toBe(1)
    expect(await chain.getBalance({ address: to })).toBe(parseEther('0.5'))
    expect((await ada.send(from, to, '0.6', 'once')).codes).toEqual(['CONFLICT'])
  })

  it('leave one after the other when many are sent at once', async () => {
    const { ada, from, address } = await holder()
    const to = newAddress()
    const answers = await Promise.all(Array.from({ length: 15 }, () => accepted(ada.send(from, to, '0.1'))))
    expect(new Set(answers.map(({ sendOnChain }) => sendOnChain.hash)).size).toBe(15)
    expect(answers.map(({ sendOnChain }) => sendOnChain.status)).toEqual(answers.map(() => 'CONFIRMED'))
    expect(await chain.getBalance({ address: to })).toBe(parseEther('1.5'))
    expect(await chain.getTransactionCount({ address })).toBe(15)
  })

  it('are not more than there are, with the fee, and then nothing is written', async () => {
    const { ada, from } = await holder()
    const before = await world.fingerprint()
    const whole = await ada.send(from, newAddress(), '10')
    expect(whole.codes).toEqual(['INSUFFICIENT_FUNDS'])
    expect(whole.errors?.[0]?.message).toMatch(/has 10\.0+ ETH available, and with the fee 10\.0\d+ is needed/)
    expect(await world.fingerprint()).toBe(before)
    const answers = await Promise.all(Array.from({ length: 3 }, () => ada.send(from, newAddress(), '4')))
    expect(answers.flatMap(({ codes }) => codes)).toEqual(['INSUFFICIENT_FUNDS'])
  })

  it('are not sent to a contract that refuses them', async () => {
    const { ada, from } = await holder()
    // Deploys a contract that reverts whenever it is called.
    const account = await signerOf(ada.id, from)
    const deployment = await account.signTransaction({
      type: 'eip1559',
      chainId: 31_337,
      nonce: 0,
      gas: 200_000n,
      maxFeePerGas: 3_000_000_000n,
      data: '0x6460008080fd6000526005601bf3',
    })
    const hash = await chain.sendRawTransaction({ serializedTransaction: deployment })
    const { contractAddress } = await chain.getTransactionReceipt({ hash })
    const refused = await ada.send(from, contractAddress ?? '', '1')
    expect(refused.errors?.[0]?.message).toBe('The receiving contract refuses the coins.')
  })
})

describe('a signed transaction', () => {
  /** Signs and writes down, as a process does that is killed before it sends. */
  const signed = async (ada: { id: string }, from: string): Promise<{ id: string; hash: Hash }> => {
    const { store, chain: reached, vault, newId, now } = serviceOf()
    const requests = createRequests({ store, newId, now })
    const send = () => Promise.reject(new Error('killed'))
    const unsent = createChainTransfers({
      store,
      requests,
      chain: { ...reached, send },
      vault,
      now,
      logger: world.hosted().platform.logger,
    })
    const input = { wallet: from, to: newAddress(), amount: '1', idempotencyKey: 'unsent' }
    const { id, hash, status } = await unsent.sendOnChain(ada.id, input)
    expect(status).toBe('PENDING')
    return { id, hash: hash as Hash }
  }

  it('that was not sent is sent as it is, and those behind it follow', async () => {
    const { ada, from } = await holder()
    const { id, hash } = await signed(ada, from)
    await expect(chain.getTransaction({ hash })).rejects.toThrow(/could not be found/)
    const { sendOnChain: next } = await accepted(ada.send(from, newAddress(), '1'))
    expect(next.status).toBe('CONFIRMED')
    expect(await chain.getTransactionReceipt({ hash })).toMatchObject({ status: 'success' })
    expect(await serviceOf().store.chainTransfers([id])).toMatchObject([{ hash, status: 'CONFIRMED' }])
  })

  it('that lost its place to another one has failed', async () => {
    const { ada, from } = await holder()
    const { id } = await signed(ada, from)
    const account = await signerOf(ada.id, from)
    await chain.sendRawTransaction({
      serializedTransaction: await account.signTransaction({
        type: 'eip1559',
        chainId: 31_337,
        nonce: 0,
        gas: 21_000n,
        maxFeePerGas: 3_000_000_000n,
        to: newAddress(),
      }),
    })
    await serviceOf().chainTransfers.resume()
    expect(await serviceOf().store.chainTransfers([id])).toMatchObject([{ status: 'FAILED' }])
  })
})

it('new wallets get coins of the development chain by themselves, once', async () => {
  const started = await startWorld([wallet, bancai], { start: true })
  try {
    const ada = createPerson(started, { id: 'ada' })
    const { wallet: id } = await ada.funded('0')
    const coins = async () => (await ada.wallet(id)).assets.at(-1).amount.amount
    await vi.waitFor(async () => expect(await coins()).toBe('10.00000000'), { timeout: 20_000 })
    const client = await started.hosted().platform.relational()
    await vi.waitFor(async () => expect(await client.wallet.count({ where: { giftedAt: null } })).toBe(0), {
      timeout: 20_000,
    })
    await client.wallet.updateMany({ data: { giftedAt: null } })
    await vi.waitFor(async () => expect(await client.wallet.count({ where: { giftedAt: null } })).toBe(0), {
      timeout: 20_000,
    })
    expect(await coins()).toBe('10.00000000')
  } finally {
    await started.stop()
  }
})
