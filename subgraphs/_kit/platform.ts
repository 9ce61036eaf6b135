import type { Config, Lifecycle, Logger, Metrics } from '@codai/runtime'
import type { Cache, Events, PubSub, RateLimiter } from '@codai/stores'
import type { Documents } from '@codai/stores/documents'
import type { Vectors } from '@codai/stores/vectors'
import type { PrismaClient } from '../.generated/prisma/client.ts'
import type { Graph } from './graph.ts'
import type { Peer } from './peer.ts'

/** What a service can keep its data in. */
export type StoreName =
  | 'relational'
  | 'documents'
  | 'events'
  | 'cache'
  | 'chain'
  | 'search'
  | 'series'
  | 'vectors'
  | 'files'

/** All that a service gets from outside. There is no other way in: no environment, no global state. */
export type Platform = {
  /** The name of the service that it was made for. */
  name: string
  config: Config
  logger: Logger
  metrics: Metrics
  lifecycle: Lifecycle
  /** Now. Tests move it. */
  now: () => Date
  /** Makes ids that sort by time (ULIDs). */
  newId: () => string
  /** The service's own tables, migrated. */
  relational: () => Promise<PrismaClient>
  /** The service's own collections. */
  documents: () => Promise<Pick<Documents, 'connection' | 'buildIndexes'>>
  /** The event bus. */
  events: () => Promise<Events>
  /** The service's own vectors. They are opened when they are first used. */
  vectors: () => Vectors
  cache: () => Cache
  /** Live messages between the processes of this service. */
  pubSub: <Topics extends Record<string, unknown>>() => PubSub<Topics>
  rateLimiter: (options: {
    name: string
    points: number
    durationSeconds: number
    blockSeconds?: number
  }) => RateLimiter
  /** Another service. */
  peer: (name: string) => Peer
  /** The whole graph, through the gateway, for a person. */
  graph: () => Graph
  /** The names of the services that are part of the graph. */
  services: readonly string[]
}
