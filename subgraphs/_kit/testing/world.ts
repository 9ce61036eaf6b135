import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createIdentitySigner, createLifecycle, readConfig, repositoryRoot, silentLogger } from '@codai/runtime'
import type { Identity, Lifecycle } from '@codai/runtime'
import { createTestDatabase } from '@codai/stores/testing'
import { registeredPorts } from '../../_host/targets.ts'
import { startHost } from '../../_host/host.ts'
import type { HostedSubgraph } from '../../_host/host.ts'
import { demoPeople } from '../demo.ts'
import type { DemoPerson } from '../demo.ts'
import type { StoreName } from '../platform.ts'
import type { Subgraph } from '../subgraph.ts'
import { createTestClient } from './client.ts'
import type { TestClient } from './client.ts'
import { fingerprintOf } from './fingerprint.ts'
import { startTestGateway, supergraphFileIn, writeGraph } from './gateway.ts'
import { freePortOffset } from './ports.ts'

/** Services that run on real stores of their own, in this process, for one test file. */
export type TestWorld = {
  /** A signed-in person. */
  as(person: DemoPerson | { id: string }, on?: string): TestClient
  asAdmin(on?: string): TestClient
  asService(service: string, onBehalfOf?: string, on?: string): TestClient
  /** An application that a person signed in to through OAuth. */
  asApplicationOf(person: DemoPerson, on?: string): TestClient
  /** A caller through the gateway who is not signed in. */
  asAnonymous(on?: string): TestClient
  /** A caller who did not come through the gateway. */
  asNobody(on?: string): TestClient
  /** A caller with any identity. */
  asIdentity(identity: Identity, on?: string): TestClient
  hosted(name?: string): HostedSubgraph
  /** Where the world's gateway listens; fails in a world without one. */
  gatewayUrl(): string
  /** How many calls the service made to its stores so far. */
  storeCalls(name?: string): number
  /** All that the stores hold, as one value: equal before and after means that nothing was written. */
  fingerprint(): Promise<string>
  /** Writes the demo data once more. */
  seedAgain(): Promise<void>
  /** Stops all services and starts them on the same stores. */
  restart(): Promise<void>
  /** Moves the services' clock. */
  advance(milliseconds: number): void
  stop(): Promise<void>
}

type Engine = { url: string; stop(): Promise<void> }

const startDocuments = async (dataDir: string): Promise<Engine> => {
  const { startDocumentServer } = await import('@codai/stores/documents')
  return startDocumentServer({ dataDir, logger: silentLogger })
}

const startDevelopmentChain = async (dataDir: string): Promise<Engine> => {
  const { startChain } = await import('@codai/stores/chain')
  return startChain({ dataDir, logger: silentLogger })
}

/** Starts the first of `subgraphs`, which is the one under test, with those that it calls. */
export const startWorld = async (
  subgraphs: readonly [Subgraph, ...Subgraph[]],
  options: {
    seed?: boolean
    start?: boolean
    /** Whether a gateway over these services runs too. */
    gateway?: boolean
    /** What the services are configured by besides their stores. */
    environment?: Readonly<Record<string, string>>
  } = {},
): Promise<TestWorld> => {
  const { seed = true, start = false, gateway = false, environment = {} } = options
  const [main] = subgraphs
  const needs = (store: StoreName): boolean => subgraphs.some(({ stores }) => stores.includes(store))
  const database = await createTestDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'codai-world-'))
  const documents = needs('documents') ? await startDocuments(folder) : undefined
  const chain = needs('chain') ? await startDevelopmentChain(join(folder, 'chain')) : undefined
  const identitySecret = randomBytes(32).toString('hex')
  const portOffset = await freePortOffset(subgraphs.map(({ port }) => port))
  const config = {
    ...readConfig({
      NODE_ENV: 'test',
      SEED: String(seed),
      PORT_OFFSET: String(portOffset),
      IDENTITY_SECRET: identitySecret,
      ...(gateway && { SUPERGRAPH_FILE: supergraphFileIn(folder) }),
      ...environment,
    }),
    walletKey: randomBytes(32),
    dataDir: folder,
    databaseUrl: database.url,
    mongodbUrl: documents?.url,
    evmRpcUrl: chain?.url,
  }
  const signer = createIdentitySigner({ secret: identitySecret, issuer: 'tests' })
  const storeCalls = new Map<string, number>()
  let skewMs = 0
  let lifecycle: Lifecycle
  let hosted: ReadonlyMap<string, HostedSubgraph>

  const boot = async (): Promise<void> => {
    lifecycle = createLifecycle({ logger: silentLogger })
    hosted = await startHost({
      // What works by itself, such as a market maker, would move what a test looks at.
      subgraphs: start ? subgraphs : subgraphs.map(({ start: _omitted, ...rest }) => rest),
      config,
      logger: silentLogger,
      lifecycle,
      folder: join(repositoryRoot, 'subgraphs'),
      ports: { ...registeredPorts, ...Object.fromEntries(subgraphs.map(({ name, port }) => [name, port])) },
      now: () => new Date(Date.now() + skewMs),
      onStoreCall: (name) => storeCalls.set(name, (storeCalls.get(name) ?? 0) + 1),
    })
  }
  if (gateway) await writeGraph(subgraphs, folder)
  await boot()
  const doors = createLifecycle({ logger: silentLogger })
  const door = gateway ? await startTestGateway(config, doors) : undefined

  const get = (name: string = main.name): HostedSubgraph => {
    const entry = hosted.get(name)
    if (!entry) throw new Error(`${name} does not run in this world.`)
    return entry
  }

  const client = (identity: Identity | undefined, on: string | undefined): TestClient => {
    const { url, platform } = get(on)
    const started = platform.metrics.counter('subscriptions_started_total', 'Subscriptions that were begun')
    return createTestClient({
      url,
      signer,
      identity,
      subscriptionsStarted: async () => (await started.get()).values[0]?.value ?? 0,
    })
  }

  const person = (id: string, roles: readonly string[]): Identity => ({
    kind: 'user',
    userId: id,
    sessionId: `session-of-${id}`,
    roles,
    scopes: [],
    address: '127.0.0.1',
  })

  return {
    as: ({ id }, on) => client(person(id, ['MEMBER']), on),
    asAdmin: (on) => client(person(demoPeople.admin.id, ['MEMBER', 'ADMIN']), on),
    asService: (service, onBehalfOf, on) =>
      client({ kind: 'service', service, ...(onBehalfOf !== undefined && { onBehalfOf }) }, on),
    asApplicationOf: ({ id }, on) =>
      client({ kind: 'user', userId: id, roles: ['MEMBER'], scopes: ['openid', 'profile', 'email'] }, on),
    asAnonymous: (on) => client({ kind: 'anonymous', address: '127.0.0.1' }, on),
    asNobody: (on) => client(undefined, on),
    asIdentity: (identity, on) => client(identity, on),
    hosted: get,
    gatewayUrl: () => {
      if (door === undefined) throw new Error('This world has no gateway.')
      return door
    },
    storeCalls: (name: string = main.name) => storeCalls.get(name) ?? 0,
    fingerprint: () =>
      fingerprintOf({
        databaseUrl: database.url,
        mongodbUrl: documents?.url,
        names: subgraphs.map(({ name }) => name),
      }),
    seedAgain: async () => {
      for (const { subgraph, service, platform } of hosted.values()) await subgraph.seed?.(service, platform)
    },
    restart: async () => {
      await lifecycle.stop()
      await boot()
    },
    advance: (milliseconds) => {
      skewMs += milliseconds
    },
    stop: async () => {
      await doors.stop()
      await lifecycle.stop()
      await documents?.stop()
      await chain?.stop()
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
