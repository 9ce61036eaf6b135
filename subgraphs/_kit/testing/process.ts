import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createIdentitySigner, repositoryRoot, silentLogger, spawnChild } from '@codai/runtime'
import type { Child, Identity } from '@codai/runtime'
import type { Subgraph } from '../subgraph.ts'
import { createTestClient } from './client.ts'
import type { TestClient } from './client.ts'
import { freePortOffset } from './ports.ts'

/** Services in a process of their own, on stores that outlive it: for tests that end it in the middle of its work. */
export type TestProcess = {
  /** Starts the process, also again after it ended, on the same ports. Resolves when its services answer. */
  start(): Promise<void>
  /** Ends it as a power cut would: without a chance to finish anything. */
  kill(): Promise<void>
  /** Ends it in good order. */
  stop(): Promise<void>
  as(person: { id: string }, on?: string): TestClient
  asService(service: string, onBehalfOf?: string, on?: string): TestClient
}

/** Prepares a process of services. `environment` is what it gets besides its ports, its database and its secret. */
export const prepareProcess = async (
  subgraphs: readonly [Subgraph, ...Subgraph[]],
  options: { databaseUrl: string; environment?: Readonly<Record<string, string>> },
): Promise<TestProcess> => {
  const [main] = subgraphs
  const identitySecret = randomBytes(32).toString('hex')
  const portOffset = await freePortOffset(subgraphs.map(({ port }) => port))
  const signer = createIdentitySigner({ secret: identitySecret, issuer: 'tests' })
  let child: Child | undefined

  const start = async (): Promise<void> => {
    child = spawnChild({
      name: 'services under test',
      command: process.execPath,
      args: ['--import', 'tsx', join(repositoryRoot, 'subgraphs/_host/main.ts')],
      cwd: repositoryRoot,
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'test',
        LOG_LEVEL: 'error',
        TARGET: subgraphs.map(({ name }) => name).join(','),
        PORT_OFFSET: String(portOffset),
        IDENTITY_SECRET: identitySecret,
        DATABASE_URL: options.databaseUrl,
        ...options.environment,
      },
      logger: silentLogger,
    })
    await child.ready
  }

  const client = (identity: Identity, on: string = main.name): TestClient => {
    const subgraph = subgraphs.find(({ name }) => name === on)
    if (!subgraph) throw new Error(`${on} does not run in this process.`)
    const url = `http://127.0.0.1:${subgraph.port + portOffset}`
    return createTestClient({
      url,
      signer,
      identity,
      subscriptionsStarted: async () => {
        const metrics = await (await fetch(`${url}/metrics`)).text()
        return Number(/^codai_subscriptions_started_total\S* (\d+)/m.exec(metrics)?.[1] ?? 0)
      },
    })
  }

  return {
    start,
    kill: async () => {
      await child?.stop('SIGKILL')
    },
    stop: async () => {
      await child?.stop()
    },
    as: ({ id }, on) =>
      client({ kind: 'user', userId: id, sessionId: `session-of-${id}`, roles: ['MEMBER'], scopes: [] }, on),
    asService: (service, onBehalfOf, on) =>
      client({ kind: 'service', service, ...(onBehalfOf !== undefined && { onBehalfOf }) }, on),
  }
}
