import type { EdrContext, Provider } from '@nomicfoundation/edr'
import { hexToBytes, parseEther, parseGwei } from 'viem'
import type { Address } from 'viem'

import { RpcError, rpcErrorCodes } from './rpc-error.ts'

/** An Ethereum node in memory: every transaction it accepts is in a block of its own at once. */
export type Engine = {
  /** Runs one JSON-RPC method; a refusal throws `RpcError`. */
  request(method: string, parameters: readonly unknown[]): Promise<unknown>
}

/** The chain's id: the one that development chains have by custom. */
export const CHAIN_ID = 31_337

const BLOCK_GAS_LIMIT = 30_000_000n
const FAUCET_BALANCE = parseEther('100000000')

/** One for all chains of the process: the native library says that it must not be made twice. */
const context = ((): (() => Promise<EdrContext>) => {
  let made: Promise<EdrContext> | undefined
  const make = async (): Promise<EdrContext> => {
    const { EdrContext, L1_CHAIN_TYPE, l1ProviderFactory } = await import('@nomicfoundation/edr')
    const context = new EdrContext()
    await context.registerProviderFactory(L1_CHAIN_TYPE, l1ProviderFactory())
    return context
  }
  return () => (made ??= make())
})()

/** An engine at its genesis. `timestamp` is that of the first block, in whole seconds since 1970. */
export const createEngine = async (genesis: { timestamp: number; faucet: Address }): Promise<Engine> => {
  const { CANCUN, ContractDecoder, L1_CHAIN_TYPE, MineOrdering, l1GenesisState, l1HardforkFromString } =
    await import('@nomicfoundation/edr')
  const provider = await (
    await context()
  ).createProvider(
    L1_CHAIN_TYPE,
    {
      // Several transactions in one second are several blocks with one timestamp, so that time never runs ahead.
      allowBlocksWithSameTimestamp: true,
      allowUnlimitedContractSize: false,
      bailOnCallFailure: true,
      bailOnTransactionFailure: false,
      chainId: BigInt(CHAIN_ID),
      networkId: BigInt(CHAIN_ID),
      coinbase: new Uint8Array(20),
      defaultTransactionGasLimit: BLOCK_GAS_LIMIT,
      genesisState: [
        ...l1GenesisState(l1HardforkFromString(CANCUN)),
        { address: hexToBytes(genesis.faucet), balance: FAUCET_BALANCE },
      ],
      hardfork: CANCUN,
      initialBaseFeePerGas: parseGwei('1'),
      initialParentBeaconBlockRoot: new Uint8Array(32),
      minGasPrice: 0n,
      mining: { autoMine: true, blockGasLimit: BLOCK_GAS_LIMIT, memPool: { order: MineOrdering.Fifo } },
      network: {
        genesisBlockGasLimit: BLOCK_GAS_LIMIT,
        genesisBlockTime: BigInt(genesis.timestamp),
        genesisBlobGas: { gasUsed: 0n, excessGas: 0n },
      },
      observability: {},
      ownedAccounts: [],
      precompileOverrides: [],
    },
    { enable: false, decodeConsoleLogInputsCallback: () => [], printLineCallback: () => {} },
    { subscriptionCallback: () => {} },
    new ContractDecoder(),
  )
  return { request: (method, parameters) => ask(provider, method, parameters) }
}

type Answer = { result?: unknown; error?: { code: number; message: string; data?: unknown } }

const ask = async (provider: Provider, method: string, parameters: readonly unknown[]): Promise<unknown> => {
  const response = await provider.handleRequest(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: parameters }))
  const data: unknown = response.data
  const answer = (typeof data === 'string' ? JSON.parse(data) : data) as Answer
  if (answer.error === undefined) return answer.result
  const { code, message, data: details } = answer.error
  const output = revertOutput(details)
  if (output !== undefined) throw new RpcError(rpcErrorCodes.reverted, `execution reverted: ${message}`, output)
  throw new RpcError(code, message)
}

/** What a contract gave when it reverted; undefined when the refusal has another reason. */
const revertOutput = (details: unknown): unknown => {
  if (typeof details !== 'object' || details === null || !('reason' in details)) return undefined
  const { reason } = details
  const isRevert = typeof reason === 'object' && reason !== null && 'Revert' in reason
  return isRevert ? reason.Revert : undefined
}
