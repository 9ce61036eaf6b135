import type { FastifyInstance } from 'fastify'
import type { Identity, Logger } from '@codai/runtime'
import type { Platform, StoreName } from './platform.ts'

/** What the resolvers of one request share. */
export type RequestContext<Service, Loaders> = {
  /** Who asks. */
  identity: Identity
  /** The same at the gateway and in every service that works on the request. */
  requestId: string
  logger: Logger
  /** The domain, as `open` gave it. */
  service: Service
  /** The batched reads of this request. */
  loaders: Loaders
}

/** What a loader may know of its request. */
export type LoaderRequest = Pick<RequestContext<unknown, unknown>, 'identity' | 'requestId'>

/** The context type of a service, from its `open` and `loaders`. */
export type ContextOf<
  Open extends (platform: Platform) => Promise<unknown>,
  Loaders extends (service: Awaited<ReturnType<Open>>, request: LoaderRequest) => unknown,
> = RequestContext<Awaited<ReturnType<Open>>, ReturnType<Loaders>>

/** What one service is. Everything that runs, composes, documents or tests a service reads this value. */
export type SubgraphDefinition<Service, Loaders> = {
  /** The folder's name; also that of the database schema, of the metric label and in the supergraph. */
  name: string
  title: string
  /** What it is for, in a few words that complete the title. */
  purpose: string
  tier: 'CORE' | 'SUPPORTING'
  /** The port of services.md; `PORT_OFFSET` moves all of them. */
  port: number
  /** The services that it calls. */
  dependencies: readonly string[]
  stores: readonly StoreName[]
  /** The completed SDL, generated from `schema.graphql`. */
  sdl: string
  /** Opens the domain over its stores, and registers with `platform.lifecycle` what has to be stopped. */
  open: (platform: Platform) => Promise<Service>
  /** Makes the loaders of one request. */
  loaders: (service: Service, request: LoaderRequest) => Loaders
  resolvers: object
  /**
   * Lets applications in that people signed in to through OAuth. Their tokens say who somebody is; unless a service
   * knows what each scope opens, an application is nobody there.
   */
  forApplications?: true
  /** Writes demo data; harmless when it is there already. */
  seed?: (service: Service, platform: Platform) => Promise<void>
  /** Starts what works by itself (schedulers, market makers), after all services of the process are up and seeded. */
  start?: (service: Service, platform: Platform) => Promise<void>
  /** Adds HTTP routes beside `/graphql`. */
  routes?: (app: FastifyInstance, service: Service, platform: Platform) => void
}

/** A service whose types nobody outside needs to know. */
export type Subgraph = SubgraphDefinition<unknown, unknown>

/** Defines a service. It does nothing but hold the definition to its type. */
export const defineSubgraph = <Service, Loaders>(definition: SubgraphDefinition<Service, Loaders>): Subgraph =>
  // Only the definition's own functions ever get the service back, so forgetting its type is sound.
  definition as unknown as Subgraph
