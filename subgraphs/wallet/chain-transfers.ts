import { keccak256 } from 'viem'
import type { Address, Hash, Hex } from 'viem'
import { createKeyedMutex } from '@codai/runtime'
import { codedError, notFound, requireId, requireKey } from '../_kit/index.ts'
import type { Logger } from '../_kit/index.ts'
import type { Chain, Outset } from './chain.ts'
import { coinsOf, requireAddress, requireWei } from './coins.ts'
import type { ChainTransferRecord } from './records.ts'
import type { KeyedCall, Requests } from './requests.ts'
import type { ChainState } from './store-chain.ts'
import type { Store } from './store.ts'
import type { NewChainTransfer } from './transaction.ts'
import type { Vault } from './vault.ts'

/** What a transfer between people takes; a contract that gets coins may take more. */
const plainGas = 21_000n
const mostTries = 5
const transfersAtOnce = 100
/** After this time a transaction that the chain does not take is given up. */
const giveUpMs = 3_600_000

export type SendOnChainInput = { wallet: string; to: string; amount: string; idempotencyKey: string }

type Order = { userId: string; walletId: string; to: Address; value: bigint }

/** Another transaction of the wallet was written down since this one was decided on. */
class OvertakenError extends Error {
  override readonly name = 'OvertakenError'
}

const requireCoins = ({ balance }: Outset, { pendingCost }: ChainState, cost: bigint): void => {
  const available = balance > pendingCost ? balance - pendingCost : 0n
  if (cost <= available) return
  const [has, needs] = [coinsOf(available).amount, coinsOf(cost).amount]
  throw codedError('INSUFFICIENT_FUNDS', `The address has ${has} ETH available, and with the fee ${needs} is needed.`)
}

/** Sends the chain's coins. */
export type ChainTransfers = {
  /**
   * Sends coins from an own wallet; answers the transfer as it stands then. INSUFFICIENT_FUNDS when coins and fee are more
   * than there is; UNAVAILABLE without the chain. A transaction is written down, signed, before it is sent: whatever
   * happens after that, the same one is sent again until the chain has it.
   */
  sendOnChain(userId: string, input: SendOnChainInput): Promise<ChainTransferRecord>
  /** Goes on with transfers that are on their way. */
  resume(): Promise<void>
}

/** The transfers on the chain. */
export const createChainTransfers = (options: {
  store: Store
  requests: Requests
  chain: Chain
  vault: Vault
  now: () => Date
  logger: Logger
}): ChainTransfers => {
  const { store, requests, chain, vault, now, logger } = options
  const inTurn = createKeyedMutex()

  /** Looks what became of a transfer; one that is in no block is sent, again if need be. */
  const follow = async (transfer: ChainTransferRecord): Promise<void> => {
    const { id, nonce, createdAt } = transfer
    const sent = { hash: transfer.hash as Hash, from: transfer.from as Address, nonce }
    const before = await chain.standing(sent)
    if (before !== 'PENDING') return store.endChainTransfer(transfer, before)
    const isTaken = await chain.send(transfer.transaction as Hex)
    const after = await chain.standing(sent)
    if (after !== 'PENDING') return store.endChainTransfer(transfer, after)
    if (isTaken || now().getTime() - createdAt.getTime() < giveUpMs) return
    logger.warn({ chainTransfer: id, hash: sent.hash }, 'a transaction that the chain refuses is given up')
    await store.endChainTransfer(transfer, 'FAILED')
  }

  const followAll = async (walletId?: string): Promise<void> => {
    for (const transfer of await store.pendingChainTransfers(transfersAtOnce, walletId)) await follow(transfer)
  }

  /** Decides on the next transaction of a wallet and signs it. */
  const prepare = async (order: Order): Promise<NewChainTransfer> => {
    const { userId, walletId, to, value } = order
    const state = await store.chainState(walletId, userId)
    if (!state) throw notFound('Wallet', walletId)
    const account = vault.open(walletId, state.sealedKey)
    const outset = await chain.outset(account.address)
    const { chainId, maxFeePerGas, maxPriorityFeePerGas } = outset
    requireCoins(outset, state, value + plainGas * maxFeePerGas)
    const gas = await chain.gasFor({ from: account.address, to, value })
    const cost = value + gas * maxFeePerGas
    requireCoins(outset, state, cost)
    const nonce = Math.max(outset.nonce, (state.pendingNonce ?? -1) + 1)
    const content = { type: 'eip1559' as const, chainId, nonce, to, value, gas, maxFeePerGas, maxPriorityFeePerGas }
    const transaction = await account.signTransaction(content)
    const hash = keccak256(transaction)
    return { walletId, to, value, cost, nonce, transaction, hash, createdAt: now(), decidedOn: state.version }
  }

  /** Writes the next transaction of a wallet down; another process may come first, and then it is decided on anew. */
  const record = async (call: KeyedCall, order: Order): Promise<string> => {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const transfer = await prepare(order)
      try {
        const { id } = await requests.once(call, async (tx, id) => {
          if (!(await tx.insertChainTransfer(id, transfer))) throw new OvertakenError()
        })
        return id
      } catch (error) {
        if (!(error instanceof OvertakenError)) throw error
      }
    }
    throw codedError('CONFLICT', 'Too many transactions of the wallet at the same time. Try again.')
  }

  const recordInTurn = (call: KeyedCall, order: Order): Promise<string> =>
    inTurn(order.walletId, async () => {
      const earlier = await requests.earlier(call)
      if (earlier !== undefined) return earlier
      const state = await store.chainState(order.walletId, order.userId)
      if (!state) throw notFound('Wallet', order.walletId)
      // What is in a block already is in the chain's own figures too, and must not be counted twice.
      await followAll(order.walletId)
      return record(call, order)
    })

  const load = async (id: string): Promise<ChainTransferRecord> => {
    const [transfer] = await store.chainTransfers([id])
    if (!transfer) throw notFound('ChainTransfer', id)
    return transfer
  }

  return {
    sendOnChain: async (userId, input) => {
      const walletId = requireId('Wallet', input.wallet)
      const [to, value] = [requireAddress(input.to), requireWei(input.amount)]
      const key = requireKey(input.idempotencyKey)
      const call = { actor: userId, key, operation: 'sendOnChain', content: { walletId, to, value } }
      const transfer = await load(await recordInTurn(call, { userId, walletId, to, value }))
      if (transfer.status !== 'PENDING') return transfer
      try {
        await follow(transfer)
      } catch (error) {
        // It is written down, and will be sent.
        logger.warn({ err: error, chainTransfer: transfer.id }, 'a transaction could not be sent yet')
      }
      return load(transfer.id)
    },

    resume: () => followAll(),
  }
}
