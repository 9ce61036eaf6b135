import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, chmod, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'

import type { Logger } from '@codai/runtime'
import { Client } from 'pg'

import { claimDataFolder, clearDataFolder } from './data-folder.ts'
import { deferred } from './deferred.ts'
import type { Account } from './postgres-account.ts'
import { canTraverse, postgresAccount } from './postgres-account.ts'
import type { PostgresBinaries } from './postgres-binaries.ts'
import { findPostgres, sharedFolder } from './postgres-binaries.ts'
import type { PostgresServer } from './postgres-server.ts'
import { freePort, launchPostgres, POSTGRES_ENVIRONMENT } from './postgres-server.ts'
import { StoreError } from './store-error.ts'

export type EmbeddedPostgres = PostgresServer & {
  /** The database, with its password; valid until the next start, which chooses another port. */
  url: string
  /** Where the data really lies: not where it was asked for when PostgreSQL's account could not have reached it. */
  dataDir: string
}

const USER = 'codai'
const DATABASE = 'codai'
const START_ATTEMPTS = 5

/**
 * Starts a real PostgreSQL 15 over the given folder, which it creates the first time. The server dies with this
 * process, however it dies, and no committed row is lost by that.
 * `durable: false` is for data nobody will miss after a power cut: faster, and only for tests.
 * @throws StoreError DATA_FOLDER_IN_USE, PLATFORM_NOT_SUPPORTED, DATA_FOLDER_REFUSED or STORE_START_FAILED
 */
export async function startEmbeddedPostgres(options: {
  dataDir: string
  logger: Logger
  durable?: boolean
}): Promise<EmbeddedPostgres> {
  const { logger, durable = true } = options
  const dataDir = await reachableFolder(resolve(options.dataDir), logger)
  const release = await claimDataFolder(dataDir)
  try {
    const account = await postgresAccount(dataDir)
    await clearDataFolder(dataDir, logger)
    const binaries = await findPostgres(account, logger)
    if (!(await exists(join(dataDir, 'PG_VERSION')))) await initialise({ dataDir, account, binaries, durable, logger })
    const password = (await readFile(passwordFile(dataDir), 'utf8')).trim()
    const { server, port } = await launchOnFreePort({ dataDir, account, binaries, durable, logger })
    const url = (database: string) => `postgresql://${USER}:${password}@127.0.0.1:${port}/${database}`
    const exited = server.exited.then(release)
    await ensureDatabase(url('postgres')).catch(async (error: unknown) => {
      await server.stop()
      throw error
    })
    logger.info({ dataDir, port }, 'embedded PostgreSQL is ready')
    const stop = async () => {
      await server.stop()
      await exited
    }
    return { url: url(DATABASE), dataDir, stop, exited }
  } catch (error) {
    await release()
    throw error
  }
}

type Cluster = {
  dataDir: string
  account: Account | undefined
  binaries: PostgresBinaries
  durable: boolean
  logger: Logger
}

async function reachableFolder(dataDir: string, logger: Logger): Promise<string> {
  await mkdir(dirname(dataDir), { recursive: true })
  const account = await postgresAccount(dataDir)
  if (account === undefined || (await canTraverse(account, dataDir))) return dataDir
  const reachable = join(await sharedFolder(`data:${dataDir}`), 'postgres')
  logger.warn(
    { asked: dataDir, used: reachable, uid: account.uid },
    'PostgreSQL must not run as root, and its account cannot reach the data folder: the data lies elsewhere',
  )
  return reachable
}

/** Runs initdb beside the folder and moves the result in place, so that an interrupted first start leaves no half. */
async function initialise({ dataDir, account, binaries, durable, logger }: Cluster): Promise<void> {
  const staging = await mkdtemp(`${dataDir}.init-`)
  try {
    const password = randomBytes(24).toString('base64url')
    const handed = join(staging, 'password')
    await writeFile(handed, password, { mode: 0o600 })
    await chmod(staging, 0o700)
    if (account !== undefined) {
      for (const path of [handed, staging]) await chown(path, account.uid, account.gid)
    }
    await runInitdb({ command: binaries.initdb, dataDir: join(staging, 'data'), handed, account, durable })
    // The password first: data without a password is useless, a password without data is made anew.
    await writeFile(passwordFile(dataDir), password, { mode: 0o600 })
    await chmod(passwordFile(dataDir), 0o600)
    await rename(join(staging, 'data'), dataDir).catch((cause: unknown) => {
      throw new StoreError('DATA_FOLDER_REFUSED', `${dataDir} holds something else than PostgreSQL's data.`, { cause })
    })
    logger.info({ dataDir }, 'created a new PostgreSQL data folder')
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

async function runInitdb(options: {
  command: string
  dataDir: string
  handed: string
  account: Account | undefined
  durable: boolean
}): Promise<void> {
  const { command, dataDir, handed, account, durable } = options
  // macOS has C.UTF-8 only since version 14; this pair sorts and classifies alike.
  const locale = process.platform === 'darwin' ? ['--lc-collate=C', '--lc-ctype=UTF-8'] : ['--locale=C.UTF-8']
  const args = ['-D', dataDir, '-U', USER, '-A', 'scram-sha-256', `--pwfile=${handed}`, '--encoding=UTF8', ...locale]
  const child = spawn(command, durable ? args : [...args, '--no-sync'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: POSTGRES_ENVIRONMENT,
    cwd: '/',
    ...account,
  })
  const { promise, resolve, reject } = deferred<number | null>()
  child.on('error', reject).on('close', resolve)
  const [code, output, errors] = await Promise.all([promise, text(child.stdout), text(child.stderr)])
  if (code !== 0) throw new StoreError('STORE_START_FAILED', `initdb failed (${code}):\n${output}${errors}`.trim())
}

async function launchOnFreePort(cluster: Cluster): Promise<{ server: PostgresServer; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort()
    try {
      return { server: await launchPostgres({ ...cluster, port }), port }
    } catch (error) {
      const passing =
        error instanceof Error && /could not bind|could not create any TCP|still in use/.test(error.message)
      if (!passing || attempt === START_ATTEMPTS) throw error
      // Backends of a killed server need a moment to see that it is gone; a port may be taken between choice and use.
      await delay(200 * attempt)
    }
  }
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE])
    if (rowCount === 0) await client.query(`CREATE DATABASE "${DATABASE}"`)
  } finally {
    await client.end()
  }
}

function passwordFile(dataDir: string): string {
  return `${dataDir}.password`
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
