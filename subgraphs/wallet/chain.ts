import { BaseError, TransactionReceiptNotFoundError } from 'viem'
import type { Address, Hash, Hex } from 'viem'
import { isDevelopmentChain, openChain, requestDevelopmentCoins } from '@codai/stores/chain'
import { badInput, codedError } from '../_kit/index.ts'

/** What the next transaction of an address begins with. */
export type Outset = {
  chainId: number
  /** The number of its next transaction, as far as the chain knows. */
  nonce: number
  /** In wei. */
  balance: bigint
  maxFeePerGas: bigint
  maxPriorityFeePerGas: bigint
}

/** How a transaction that was sent stands. */
export type Standing = 'CONFIRMED' | 'FAILED' | 'PENDING'

/** What wallets need of the chain. UNAVAILABLE when it does not answer. */
export type Chain = {
  /** The coins of addresses in wei, in their order, in one call. */
  balances(addresses: readonly string[]): Promise<bigint[]>
  outset(address: Address): Promise<Outset>
  /** The most gas that a transfer of coins takes. BAD_USER_INPUT when the receiving contract refuses it. */
  gasFor(transfer: { from: Address; to: Address; value: bigint }): Promise<bigint>
  /** Sends a signed transaction; false when the chain does not take it, or has it already. */
  send(transaction: Hex): Promise<boolean>
  /** Whether a transaction is in a block, or can no more get into one because another one has its number. */
  standing(transaction: { hash: Hash; from: Address; nonce: number }): Promise<Standing>
  /** Gives an address its coins of the development chain; false when it is another chain. */
  gift(address: string): Promise<boolean>
}

/** The chain at an endpoint. It is connected to when it is first used. */
export const createChain = (url: string): Chain => {
  const client = openChain({ url })

  const reach = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    try {
      return await work()
    } catch (cause) {
      if (!isUnreachable(cause)) throw cause
      throw codedError('UNAVAILABLE', 'The chain is not answering. Try again in a moment.', { cause })
    }
  }

  const receiptOf = async (hash: Hash): Promise<Standing | undefined> => {
    try {
      const { status } = await client.getTransactionReceipt({ hash })
      return status === 'success' ? 'CONFIRMED' : 'FAILED'
    } catch (error) {
      if (error instanceof TransactionReceiptNotFoundError) return undefined
      throw error
    }
  }

  return {
    balances: (addresses) =>
      reach(() => Promise.all(addresses.map((address) => client.getBalance({ address: address as Address })))),

    outset: (address) =>
      reach(async () => {
        const [chainId, nonce, balance, fees] = await Promise.all([
          client.getChainId(),
          client.getTransactionCount({ address, blockTag: 'pending' }),
          client.getBalance({ address }),
          client.estimateFeesPerGas(),
        ])
        return { chainId, nonce, balance, ...fees }
      }),

    gasFor: ({ from, to, value }) =>
      reach(async () => {
        try {
          return await client.estimateGas({ account: from, to, value })
        } catch (cause) {
          if (!(cause instanceof BaseError) || isUnreachable(cause)) throw cause
          throw badInput('The receiving contract refuses the coins.', { field: 'to', cause })
        }
      }),

    send: (transaction) =>
      reach(async () => {
        try {
          await client.sendRawTransaction({ serializedTransaction: transaction })
          return true
        } catch (error) {
          if (error instanceof BaseError && !isUnreachable(error)) return false
          throw error
        }
      }),

    standing: ({ hash, from, nonce }) =>
      reach(async () => {
        const standing = await receiptOf(hash)
        if (standing) return standing
        if ((await client.getTransactionCount({ address: from })) <= nonce) return 'PENDING'
        // Its number is taken: by itself, if it got into a block between the two questions.
        return (await receiptOf(hash)) ?? 'FAILED'
      }),

    gift: (address) =>
      reach(async () => {
        if (!(await isDevelopmentChain(client))) return false
        await requestDevelopmentCoins(client, address as Address)
        return true
      }),
  }
}

/** The client says so by its own error, which viem may wrap. */
const isUnreachable = (error: unknown): boolean => {
  for (let next = error; next instanceof Error; next = next.cause) {
    if ('code' in next && next.code === 'STORE_UNREACHABLE') return true
  }
  return false
}
