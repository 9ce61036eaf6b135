import { HttpRequestError, TimeoutError, createPublicClient, http } from 'viem'
import type { Address, EIP1193RequestFn, Hash, PublicClient, Transport } from 'viem'

import { StoreError } from '../relational/store-error.ts'
import { CLIENT_VERSION, FAUCET_METHOD } from './node.ts'

/** An EVM chain, through viem's actions. When it cannot be reached they throw StoreError STORE_UNREACHABLE. */
export type ChainClient = PublicClient

const TIMEOUT_MILLISECONDS = 3_000
const RETRIES = 1

/**
 * A client of an EVM chain's JSON-RPC endpoint over HTTP. It connects when it is first used; reads that are asked for
 * together travel together. Each call ends within about 6 s.
 * @throws StoreError STORE_UNREACHABLE for an address that is not one of HTTP
 */
export const openChain = ({ url }: { url: string }): ChainClient => {
  const { protocol, origin, host } = new URL(url)
  if (!protocol.startsWith('http')) {
    throw new StoreError('STORE_UNREACHABLE', `EVM_RPC_URL begins with ${protocol}: only http: and https: will do.`)
  }
  // viem writes the address into its errors, and the path may hold a key: so viem knows the origin only.
  const transport = http(origin, {
    timeout: TIMEOUT_MILLISECONDS,
    retryCount: RETRIES,
    batch: true,
    fetchFn: (_origin, init) => fetch(url, init),
  })
  const named: Transport = (parameters) => {
    const inner = transport(parameters)
    const request = (async (...call: Parameters<EIP1193RequestFn>) => {
      try {
        return await inner.request(...call)
      } catch (error) {
        throw isUnreachable(error) ? unreachable(host, error) : error
      }
    }) as EIP1193RequestFn
    return { ...inner, request }
  }
  return createPublicClient({ transport: named, cacheTime: 0 })
}

/** Whether it is the embedded development chain, whose coins are worth nothing. */
export const isDevelopmentChain = async (chain: ChainClient): Promise<boolean> =>
  (await chain.request({ method: 'web3_clientVersion' })) === CLIENT_VERSION

/** Gets an address its one gift of coins from the development chain; answers the hash of the transaction. */
export const requestDevelopmentCoins = (chain: ChainClient, address: Address): Promise<Hash> =>
  chain.request<{ Method: typeof FAUCET_METHOD; Parameters: [Address]; ReturnType: Hash }>({
    method: FAUCET_METHOD,
    params: [address],
  })

const isUnreachable = (error: unknown): error is Error =>
  error instanceof HttpRequestError || error instanceof TimeoutError

const unreachable = (host: string, cause: Error): StoreError =>
  new StoreError(
    'STORE_UNREACHABLE',
    `The EVM chain at ${host} cannot be used: ${reasonOf(cause)}. Is it running, and is EVM_RPC_URL right?`,
    { cause },
  )

const reasonOf = (error: Error): string => {
  if (error instanceof TimeoutError) return 'it does not answer'
  if (error instanceof HttpRequestError && error.status !== undefined) return `it answers with HTTP ${error.status}`
  // fetch says no more than "fetch failed"; what went wrong is in its cause.
  let deepest: Error = error
  while (deepest.cause instanceof Error) deepest = deepest.cause
  return deepest.message
}
