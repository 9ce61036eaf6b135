import type { FastifyInstance } from 'fastify'
import type { Identity, Logger } from '@codai/runtime'
import { catalogueRow } from './catalogue/index.ts'
import type { CatalogueRow, ServiceName } from './catalogue/index.ts'
import type { Platform } from './platform.ts'

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

/** What a service adds to its row in the catalogue. */
export type SubgraphDefinition<Service, Loaders> = {
  /** The folder's name; also that of the database schema, of the metric label and in the supergraph. */
  name: ServiceName
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

/**
 * A service with its row of the catalogue, whose types nobody outside needs to know. Everything that runs, composes or
 * tests a service reads this value.
 */
export type Subgraph = CatalogueRow & SubgraphDefinition<unknown, unknown>

/** Defines a service of the catalogue. */
export const defineSubgraph = <Service, Loaders>(definition: SubgraphDefinition<Service, Loaders>): Subgraph => {
  const row = catalogueRow(definition.name)
  if (!row) throw new Error(`${definition.name} has no row in the catalogue (_kit/catalogue/).`)
  // Only the definition's own functions ever get the service back, so forgetting its type is sound.
  return { ...row, ...(definition as unknown as SubgraphDefinition<unknown, unknown>) }
}
