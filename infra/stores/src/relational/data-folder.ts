import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import type { Logger } from '@codai/runtime'

import { commandLine, processStart, waitForExit } from './processes.ts'
import { StoreError } from './store-error.ts'

type Owner = { pid: number; start: string }

const STOP_PATIENCE_MILLISECONDS = 30_000

/**
 * Makes this process the only owner of a data folder; the answer gives it up again. A dead owner's claim is taken over.
 * @throws StoreError DATA_FOLDER_IN_USE naming the process that owns it
 */
export async function claimDataFolder(dataDir: string): Promise<() => Promise<void>> {
  const file = `${dataDir}.owner`
  await mkdir(dirname(file), { recursive: true })
  const mine = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  const start = (await processStart(process.pid)) ?? ''
  await writeFile(mine, JSON.stringify({ pid: process.pid, start } satisfies Owner), { mode: 0o600 })
  try {
    // A link appears whole or not at all, so nobody ever reads half a claim.
    while (!(await linked(mine, file))) await discardDeadClaim(dataDir, file)
  } finally {
    await rm(mine, { force: true })
  }
  return () => rm(file, { force: true })
}

/**
 * Stops a server that outlived its owner and clears what a killed one left behind, so that the folder can be served again.
 * Only for the folder's owner.
 */
export async function clearDataFolder(dataDir: string, logger: Logger): Promise<void> {
  const file = join(dataDir, 'postmaster.pid')
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0])
  if (!Number.isInteger(pid) || pid <= 0) return
  if (await serves(pid, dataDir)) {
    logger.warn({ pid, dataDir }, 'stopping a PostgreSQL that outlived its owner')
    await stopServer(pid)
    return
  }
  // PostgreSQL sees through a dead pid by itself, but not through one that another program has got since.
  logger.debug({ pid, dataDir }, 'clearing the stale postmaster.pid')
  await rm(file, { force: true })
}

async function discardDeadClaim(dataDir: string, file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return
  const owner = parseOwner(text)
  if (owner !== undefined && (await processStart(owner.pid)) === owner.start) throw inUse(dataDir, owner.pid)
  const discarded = `${file}.${randomBytes(4).toString('hex')}`
  const moved = await rename(file, discarded).then(
    () => true,
    () => false,
  )
  if (!moved) return
  // Between reading and moving, another process may have put its own claim there: then give it back.
  if ((await readFile(discarded, 'utf8')) !== text) await linked(discarded, file)
  await rm(discarded, { force: true })
}

function inUse(dataDir: string, pid: number): StoreError {
  return new StoreError(
    'DATA_FOLDER_IN_USE',
    `The data in ${dataDir} is in use by process ${pid}. Stop that process, choose another DATA_DIR, ` +
      'or set DATABASE_URL in both to share one PostgreSQL server.',
  )
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function parseOwner(text: string): Owner | undefined {
  try {
    const { pid, start } = JSON.parse(text) as Partial<Owner>
    return typeof pid === 'number' && typeof start === 'string' ? { pid, start } : undefined
  } catch {
    return undefined
  }
}

async function serves(pid: number, dataDir: string): Promise<boolean> {
  const command = await commandLine(pid)
  return command !== undefined && `${command} `.includes(` -D ${dataDir} `)
}

async function stopServer(pid: number): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return
      throw new StoreError('DATA_FOLDER_IN_USE', `PostgreSQL ${pid} still runs here and may not be stopped by us.`, {
        cause: error,
      })
    }
    if (await waitForExit(pid, STOP_PATIENCE_MILLISECONDS)) return
  }
  throw new StoreError('DATA_FOLDER_IN_USE', `PostgreSQL ${pid} still runs here and does not stop.`)
}
