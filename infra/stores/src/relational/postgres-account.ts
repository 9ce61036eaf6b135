import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The user and group that run PostgreSQL. */
export type Account = { uid: number; gid: number }

/**
 * PostgreSQL refuses to run as root: then it runs as the owner of the existing data, or else as `nobody`.
 * Undefined means: as we are.
 */
export async function postgresAccount(dataDir: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const existing = await stat(dataDir).catch(() => undefined)
  if (existing !== undefined && existing.uid !== 0) return { uid: existing.uid, gid: existing.gid }
  const accounts = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const [, uid, gid] = /^nobody:[^:]*:(\d+):(\d+):/m.exec(accounts) ?? []
  return uid === undefined || gid === undefined ? { uid: 65534, gid: 65534 } : { uid: Number(uid), gid: Number(gid) }
}

/** Whether the account may pass through every folder above the path; what does not exist yet is not in the way. */
export async function canTraverse(account: Account, path: string): Promise<boolean> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => undefined)
    if (found !== undefined && !allows(account, found, 0o1)) return false
    if (folder === dirname(folder)) return true
  }
}

/** Whether the account may read the file (and pass through every folder above it). */
export async function canRead(account: Account, path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found !== undefined && allows(account, found, 0o4) && canTraverse(account, path)
}

function allows(account: Account, found: { uid: number; gid: number; mode: number }, bit: number): boolean {
  if (found.uid === account.uid) return (found.mode & (bit << 6)) !== 0
  if (found.gid === account.gid) return (found.mode & (bit << 3)) !== 0
  return (found.mode & bit) !== 0
}
