/** The EVM chain: an embedded one for development, and a client for any. */
export { isDevelopmentChain, openChain, requestDevelopmentCoins } from './client.ts'
export type { ChainClient } from './client.ts'
export { startChain } from './embedded-chain.ts'
export type { EmbeddedChain } from './embedded-chain.ts'
