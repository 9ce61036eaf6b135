import type { Logger } from '@codai/runtime'
import { PrismaPg } from '@prisma/adapter-pg'
import { Pool } from 'pg'

import { CONNECT_PATIENCE_MILLISECONDS, connectionFor, unreachable } from './connection.ts'

/** The part of every generated Prisma client that opening and closing it uses. */
export type ClosableClient = { $disconnect(): Promise<void> }

/** A generated Prisma 7 client class, given as a value so that this package knows no service's model. */
export type ClientClass<Client> = new (options: { adapter: PrismaPg }) => Client

export type Relational<Client> = {
  client: Client
  /** For reads that may lag a little: the read replica's client, or `client` itself when there is no replica. */
  replica: Client
  /** Rejects while a server does not answer: a readiness check. */
  check(): Promise<void>
  close(): Promise<void>
}

// A pool counts the wait for a free connection into the time to connect; under load that wait is no failure.
const POOL_PATIENCE_MILLISECONDS = 15_000
const DEFAULT_MAX_CONNECTIONS = 10

/**
 * Opens a generated Prisma client over PostgreSQL and makes sure that the server answers.
 * @throws StoreError STORE_UNREACHABLE within 5 s, naming the server and never the password
 */
export async function openRelational<Client extends ClosableClient>(options: {
  url: string
  replicaUrl?: string | undefined
  Client: ClientClass<Client>
  logger: Logger
  /** How the connections show in pg_stat_activity. */
  applicationName: string
  maxConnections?: number | undefined
}): Promise<Relational<Client>> {
  const { url, replicaUrl, Client, logger, applicationName, maxConnections = DEFAULT_MAX_CONNECTIONS } = options
  const open = (url: string) => openOne({ url, Client, logger, applicationName, maxConnections })
  const primary = await open(url)
  if (replicaUrl === undefined) return { ...primary, replica: primary.client }
  const replica = await open(replicaUrl).catch(async (error: unknown) => {
    await primary.close()
    throw error
  })
  return {
    client: primary.client,
    replica: replica.client,
    check: async () => void (await Promise.all([primary.check(), replica.check()])),
    close: async () => void (await Promise.all([primary.close(), replica.close()])),
  }
}

async function openOne<Client extends ClosableClient>(options: {
  url: string
  Client: ClientClass<Client>
  logger: Logger
  applicationName: string
  maxConnections: number
}): Promise<Omit<Relational<Client>, 'replica'>> {
  const { url, Client, logger, applicationName, maxConnections } = options
  const probe = await connectionFor({ url, applicationName })
  await probe.end()
  const pool = new Pool({
    connectionString: url,
    application_name: applicationName,
    max: maxConnections,
    connectionTimeoutMillis: POOL_PATIENCE_MILLISECONDS,
    keepAlive: true,
  })
  const onPoolError = (error: Error) => logger.warn({ err: error, applicationName }, 'a PostgreSQL connection was lost')
  const client = new Client({ adapter: new PrismaPg(pool, { disposeExternalPool: true, onPoolError }) })

  async function check(): Promise<void> {
    try {
      await pool.query({ text: 'SELECT 1', query_timeout: CONNECT_PATIENCE_MILLISECONDS } as { text: string })
    } catch (cause) {
      throw unreachable(url, cause)
    }
  }

  async function close(): Promise<void> {
    await client.$disconnect()
    // Prisma ends the pool only if some query has made it connect.
    if (!pool.ended) await pool.end()
  }

  return { client, check, close }
}
