/** What a service is made of. Services import the kit from here, and nothing else of this folder. */
export { badInput, codedError, forbidden, isAdmin, notFound, unauthenticated } from '@codai/runtime'
export type { Identity, Logger } from '@codai/runtime'
export { catalogue, catalogueRow } from './catalogue/index.ts'
export type { CatalogueRow, ServiceName } from './catalogue/index.ts'
export { connection } from './connection.ts'
export type { Connection, ConnectionArguments } from './connection.ts'
export {
  ExactDecimal,
  currencyDecimals,
  fromMinor,
  isCurrency,
  referenceRates,
  toMinor,
  toPositiveMinor,
} from './currencies.ts'
export type { CurrencyCode, Money } from './currencies.ts'
export {
  creationPage,
  findRepeated,
  insertNew,
  insertOnce,
  isDuplicate,
  onceByKey,
  partsOf,
  position,
  repetitionOf,
} from './documents.ts'
export type { Part, Position, Repeatable, Repetition } from './documents.ts'
export { demoAccounts, demoPassword, demoPeople, demoWallets } from './demo.ts'
export type { DemoAccounts, DemoPerson } from './demo.ts'
export { actingUser, maySee, requireMaySee, requireService, requireUser } from './identity.ts'
export { live } from './stream.ts'
export { optionalText, requireId, requireKey, requiredText } from './inputs.ts'
export { loader, valueLoader } from './loader.ts'
export { repeat } from './repeat.ts'
export { stringScalar } from './scalars.ts'
export { createWatch } from './watch.ts'
export type { Watch } from './watch.ts'
export { searchedWords, withWords, wordsIn } from './words.ts'
export { transact } from './transact.ts'
export { defineSubgraph } from './subgraph.ts'
export type { ContextOf, LoaderRequest, RequestContext, Subgraph, SubgraphDefinition } from './subgraph.ts'
export type { Platform, StoreName } from './platform.ts'
export type { Graph, GraphAnswer, GraphCaller, GraphOperation } from './graph.ts'
export type { Peer } from './peer.ts'
