import type { Config, Lifecycle, Logger, Metrics } from '@codai/runtime'
import { ConfigError, createDelegationSigner, createIdentitySigner, requireConfig } from '@codai/runtime'
import { applyMigrations, openCache, openEvents, openPubSub, openRateLimiter, openRelational } from '@codai/stores'
import { openVectors } from '@codai/stores/vectors'
import { dirname, join } from 'node:path'
import { PrismaClient } from '../.generated/prisma/client.ts'
import { createIdFactory } from '../_kit/ids.ts'
import { createGraph } from '../_kit/graph.ts'
import { createPeer } from '../_kit/peer.ts'
import type { Peer } from '../_kit/peer.ts'
import type { Platform } from '../_kit/platform.ts'

/** What the host knows that a service may not look up by itself. */
export type Surroundings = {
  config: Config
  logger: Logger
  metrics: Metrics
  lifecycle: Lifecycle
  /** The folder that holds the services' folders. */
  folder: string
  /** The ports of all services, by name. */
  ports: Readonly<Record<string, number>>
  now: () => Date
  /** Told of every call that the service makes to its stores. Tests count them. */
  onStoreCall?: () => void
}

const countingClient = (onStoreCall: () => void): typeof PrismaClient =>
  // Prisma offers no other way than its constructor to listen to queries.
  class extends PrismaClient {
    constructor(options: ConstructorParameters<typeof PrismaClient>[0]) {
      super({ ...options, log: [{ emit: 'event', level: 'query' }] })
      const listen = this.$on.bind(this) as (event: 'query', listener: () => void) => void
      listen('query', onStoreCall)
    }
  } as typeof PrismaClient

/** Opens each thing once, however often it is asked for. */
const once = <Value>(open: () => Value): (() => Value) => {
  let opened: { value: Value } | undefined
  return () => (opened ??= { value: open() }).value
}

/** The platform of one service. Stores are opened when the service first asks for them, and closed by its lifecycle. */
export const createPlatform = (name: string, surroundings: Surroundings): Platform => {
  const { config, logger, metrics, lifecycle, folder, ports, now, onStoreCall } = surroundings
  const signer = once(() => createIdentitySigner({ secret: requireConfig(config, 'identitySecret'), issuer: name }))
  const peers = new Map<string, Peer>()

  const relational = once(async (): Promise<PrismaClient> => {
    const url = requireConfig(config, 'databaseUrl')
    await applyMigrations({ url, service: name, folder: join(folder, name, 'migrations'), logger })
    const store = await openRelational({
      url,
      Client: onStoreCall ? countingClient(onStoreCall) : PrismaClient,
      logger,
      applicationName: `codai ${name}`,
    })
    lifecycle.addReadinessCheck('relational', () => store.check())
    lifecycle.onStop(`${name} relational`, () => store.close())
    return store.client
  })

  const documents = once(async () => {
    // Mongoose is large: only who keeps documents loads it.
    const { openDocuments } = await import('@codai/stores/documents')
    const store = await openDocuments({
      url: requireConfig(config, 'mongodbUrl'),
      database: name,
      logger,
      ...(onStoreCall && { onCommand: onStoreCall }),
    })
    lifecycle.addReadinessCheck('documents', () => store.check())
    lifecycle.onStop(`${name} documents`, () => store.close())
    return store
  })

  const events = once(async () => {
    const bus = await openEvents({ url: requireConfig(config, 'databaseUrl'), logger })
    lifecycle.onStop(`${name} events`, () => bus.close())
    return bus
  })

  return {
    name,
    config,
    logger,
    metrics,
    lifecycle,
    now,
    newId: createIdFactory(),
    relational,
    documents,
    events,
    vectors: once(() => {
      const uri = config.vectorsUri ?? join(config.dataDir, 'vectors')
      const store = openVectors({ uri: `${uri}/${name}`, logger, onOperation: onStoreCall })
      lifecycle.addReadinessCheck('vectors', () => store.check())
      lifecycle.onStop(`${name} vectors`, () => store.close())
      return store
    }),
    cache: once(() => {
      const cache = openCache({ redisUrl: config.redisUrl, logger, name })
      lifecycle.onStop(`${name} cache`, () => cache.close())
      return cache
    }),
    pubSub: <Topics extends Record<string, unknown>>() => {
      const pubSub = openPubSub<Topics>({ redisUrl: config.redisUrl, logger })
      lifecycle.onStop(`${name} live`, () => pubSub.close())
      return pubSub
    },
    rateLimiter: (options) => {
      const limiter = openRateLimiter({ redisUrl: config.redisUrl, ...options, name: `${name}:${options.name}` })
      lifecycle.onStop(`${name} limiter`, () => limiter.close())
      return limiter
    },
    services: Object.keys(ports),
    graph: once(() =>
      createGraph({
        url: config.gatewayUrl,
        schemaFile: join(dirname(config.supergraphFile), 'api.graphql'),
        signer: createDelegationSigner({ secret: requireConfig(config, 'identitySecret'), service: name }),
      }),
    ),
    peer: (peerName) => {
      const known = peers.get(peerName)
      if (known) return known
      const port = ports[peerName]
      if (port === undefined) throw new ConfigError(`${name} calls ${peerName}, which is no service here.`)
      const url = config.subgraphHostTemplate
        .replaceAll('{name}', peerName)
        .replaceAll('{port}', String(port + config.portOffset))
      const peer = createPeer({ name: peerName, url, self: name, signer: signer() })
      peers.set(peerName, peer)
      return peer
    },
  }
}
