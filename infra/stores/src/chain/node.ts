import { createMutex } from '@codai/runtime'
import type { Logger } from '@codai/runtime'
import { hexToNumber, isAddress, isHex, numberToHex, parseEther } from 'viem'
import type { Address, Hash, Hex } from 'viem'

import { StoreError } from '../relational/store-error.ts'
import { CHAIN_ID, createEngine } from './engine.ts'
import type { Genesis } from './genesis.ts'
import type { Journal, JournalEntry } from './journal.ts'
import { RpcError, rpcErrorCodes } from './rpc-error.ts'

/** The chain as others see it: one JSON-RPC method at a time. */
export type ChainNode = {
  /** Runs a method; a refusal throws `RpcError`. */
  request(method: string, parameters: readonly unknown[]): Promise<unknown>
}

/** What the chain calls itself, and by what others know that it is not a real one. */
export const CLIENT_VERSION = 'codai-development-chain/1'

/** Gives an address coins of the development chain, once; answers the transaction's hash, also when asked again. */
export const FAUCET_METHOD = 'codai_faucet'

const FAUCET_GIFT = parseEther('10')

// What wallets and explorers need. The engine's own methods (evm_, hardhat_) change the past, so nobody gets at them.
const engineMethods: ReadonlySet<string> = new Set([
  'eth_blockNumber',
  'eth_call',
  'eth_chainId',
  'eth_estimateGas',
  'eth_feeHistory',
  'eth_gasPrice',
  'eth_getBalance',
  'eth_getBlockByHash',
  'eth_getBlockByNumber',
  'eth_getCode',
  'eth_getLogs',
  'eth_getTransactionByHash',
  'eth_getTransactionCount',
  'eth_getTransactionReceipt',
  'eth_maxPriorityFeePerGas',
  'net_version',
])

type Block = { number: Hex; timestamp: Hex; hash: Hash; baseFeePerGas: Hex }

/**
 * A chain over its genesis, as it stood after the given entries. What it answers is in the journal first, so that nobody
 * ever knows of a block that a crash could take back.
 * STORE_START_FAILED when the entries do not give the blocks that they say.
 */
export const createNode = async (options: {
  genesis: Genesis
  journal: Journal
  entries: readonly JournalEntry[]
  now: () => Date
  logger: Logger
}): Promise<ChainNode> => {
  const { genesis, journal, entries, now, logger } = options
  const engine = await createEngine({ timestamp: genesis.timestamp, faucet: genesis.faucet.address })
  const gifts = new Map<string, Hash>()
  const inTurn = createMutex()

  const latestBlock = async (): Promise<Block> =>
    (await engine.request('eth_getBlockByNumber', ['latest', false])) as Block

  const mine = async (transaction: Hex, timestamp: number): Promise<Hash> => {
    await engine.request('evm_setNextBlockTimestamp', [numberToHex(timestamp)])
    return (await engine.request('eth_sendRawTransaction', [transaction])) as Hash
  }

  const replay = async (entry: JournalEntry): Promise<void> => {
    const hash = await mine(entry.transaction, entry.timestamp)
    const block = await latestBlock()
    if (block.hash !== entry.hash || hexToNumber(block.number) !== entry.block) {
      throw new Error(`block ${entry.block} came out as ${block.hash}, and was ${entry.hash}`)
    }
    if (entry.faucetFor !== undefined) gifts.set(entry.faucetFor.toLowerCase(), hash)
  }

  const accept = async (transaction: Hex, faucetFor?: Address): Promise<Hash> => {
    const before = await latestBlock()
    const timestamp = Math.max(Math.floor(now().getTime() / 1000), hexToNumber(before.timestamp))
    const hash = await mine(transaction, timestamp)
    const { hash: blockHash, number } = await latestBlock()
    await journal
      .append({ block: hexToNumber(number), timestamp, hash: blockHash, transaction, faucetFor })
      .catch((error: unknown) => {
        logger.fatal({ err: error }, "the chain's journal cannot be written: the chain answers no more")
        broken = true
        throw unusable()
      })
    return hash
  }

  const give = async ([address]: readonly unknown[]): Promise<Hash> => {
    if (typeof address !== 'string' || !isAddress(address, { strict: false })) {
      throw new RpcError(rpcErrorCodes.invalidParams, 'Give the address that is to get coins.')
    }
    const given = gifts.get(address.toLowerCase())
    if (given !== undefined) return given
    const { baseFeePerGas } = await latestBlock()
    const nonce = (await engine.request('eth_getTransactionCount', [genesis.faucet.address, 'latest'])) as Hex
    const transaction = await genesis.faucet.signTransaction({
      chainId: CHAIN_ID,
      type: 'eip1559',
      to: address,
      value: FAUCET_GIFT,
      nonce: hexToNumber(nonce),
      // Enough for a contract that does something as it is paid.
      gas: 100_000n,
      maxFeePerGas: BigInt(baseFeePerGas) * 2n,
      maxPriorityFeePerGas: 0n,
    })
    const hash = await accept(transaction, address)
    gifts.set(address.toLowerCase(), hash)
    return hash
  }

  const send = async ([transaction]: readonly unknown[]): Promise<Hash> => {
    if (!isHex(transaction)) throw new RpcError(rpcErrorCodes.invalidParams, 'Give a signed transaction.')
    return accept(transaction)
  }

  const run = async (method: string, parameters: readonly unknown[]): Promise<unknown> => {
    if (broken) throw unusable()
    if (method === 'web3_clientVersion') return CLIENT_VERSION
    if (method === FAUCET_METHOD) return give(parameters)
    if (method === 'eth_sendRawTransaction') return send(parameters)
    if (engineMethods.has(method)) return engine.request(method, parameters)
    throw new RpcError(rpcErrorCodes.methodNotFound, `The method ${method} does not exist here.`)
  }

  let broken = false
  try {
    for (const entry of entries) await replay(entry)
  } catch (cause) {
    throw new StoreError(
      'STORE_START_FAILED',
      `The chain's journal does not give the same chain again (${String(cause)}). Restore the folder, or remove it for ` +
        'a new chain.',
      { cause },
    )
  }
  return { request: (method, parameters) => inTurn(() => run(method, parameters)) }
}

const unusable = (): RpcError => new RpcError(rpcErrorCodes.internalError, 'The chain has to be started again.')
