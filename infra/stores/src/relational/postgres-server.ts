import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import type { Logger } from '@codai/runtime'

import { clearDataFolder } from './data-folder.ts'
import { deferred } from './deferred.ts'
import type { Account } from './postgres-account.ts'
import type { PostgresBinaries } from './postgres-binaries.ts'
import { StoreError } from './store-error.ts'

export type PostgresServer = {
  /** Asks the server to end its connections and stop, and waits until it has gone. */
  stop(): Promise<void>
  /** Resolves when the server has gone, for whatever reason. */
  exited: Promise<void>
}

type Options = {
  binaries: PostgresBinaries
  dataDir: string
  account: Account | undefined
  port: number
  durable: boolean
  logger: Logger
}

type Report = { pid?: number; failure?: string; exit?: { code: number | null; signal: string | null } }

const GUARDIAN = fileURLToPath(new URL('guardian.mjs', import.meta.url))
const START_PATIENCE_MILLISECONDS = 120_000
const KEPT_LINES = 20
const READY = 'database system is ready to accept connections'

/** What PostgreSQL and initdb see of the environment: nothing of ours, so that no PG* variable bends them. */
export const POSTGRES_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', TZ: 'UTC', LC_MESSAGES: 'C' }

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '300',
  shared_buffers: '64MB',
  jit: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  // Parallel queries need more of /dev/shm than a container often has, and small data gains nothing from them.
  max_parallel_workers_per_gather: '0',
  log_line_prefix: '',
  timezone: 'UTC',
}

const THROWAWAY_SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

/**
 * Starts a server on an initialised data folder and resolves when it accepts connections.
 * @throws StoreError STORE_START_FAILED with the server's last words
 */
export async function launchPostgres(options: Options): Promise<PostgresServer> {
  const { binaries, dataDir, account, port, durable, logger } = options
  const settings = { port: String(port), ...SETTINGS, ...(durable ? {} : THROWAWAY_SETTINGS) }
  const args = ['-D', dataDir, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  const order = { command: binaries.postgres, args, env: POSTGRES_ENVIRONMENT, cwd: '/', account }
  // In a session of its own: Ctrl-C reaches every process of the terminal, and we stop the server last.
  const guardian = spawn(process.execPath, [GUARDIAN, JSON.stringify(order)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: POSTGRES_ENVIRONMENT,
    detached: true,
  })
  // The pipe breaks when the guardian is killed; its end is what we act on.
  guardian.stdin.on('error', () => {})

  const ready = deferred<void>()
  const exited = deferred<void>()
  const lines: string[] = []
  let stopping = false
  let ended = false

  createInterface({ input: guardian.stderr }).on('line', (line) => {
    lines.push(line)
    if (lines.length > KEPT_LINES) lines.shift()
    logger.debug({ source: 'postgres' }, line)
    if (line.includes(READY)) ready.resolve()
  })
  const reports = createInterface({ input: guardian.stdout }).on('line', (line) => {
    const report = JSON.parse(line) as Report
    if (report.failure !== undefined) lines.push(report.failure)
    ended ||= report.failure !== undefined || report.exit !== undefined
  })
  const reported = once(reports, 'close')
  const closed = new Promise((resolve) => guardian.on('close', resolve))
  guardian.on('error', ready.reject)
  guardian.on('exit', () => {
    void finish().catch((error: unknown) => logger.error({ err: error }, 'PostgreSQL could not be stopped'))
  })

  async function finish(): Promise<void> {
    await reported
    // A guardian that ends without having seen the server end was killed itself: then we are left to stop it.
    if (!ended) await clearDataFolder(dataDir, logger)
    await closed
    if (!stopping) logger.error({ dataDir, lastLines: lines }, 'PostgreSQL ended unexpectedly')
    exited.resolve()
    ready.reject(new StoreError('STORE_START_FAILED', `PostgreSQL did not start in ${dataDir}:\n${lines.join('\n')}`))
  }

  async function stop(): Promise<void> {
    stopping = true
    guardian.stdin.end()
    await exited.promise
  }

  const timer = setTimeout(() => {
    lines.push(`No sign of readiness within ${START_PATIENCE_MILLISECONDS / 1000} s.`)
    void stop()
  }, START_PATIENCE_MILLISECONDS)
  await ready.promise.finally(() => clearTimeout(timer))
  return { stop, exited: exited.promise }
}

/** A TCP port of 127.0.0.1 that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  const { promise, resolve, reject } = deferred<void>()
  server.on('error', reject).listen(0, '127.0.0.1', resolve)
  await promise
  const address = server.address()
  await new Promise((done) => server.close(done))
  if (address === null || typeof address === 'string') throw new Error('no TCP address')
  return address.port
}
