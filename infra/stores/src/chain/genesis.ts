import { hkdfSync, randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

import { bytesToHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import type { PrivateKeyAccount } from 'viem/accounts'

import { StoreError } from '../relational/store-error.ts'
import { syncFolder } from './journal.ts'

/** What a chain begins with. The same genesis and the same transactions give the same blocks, to the last hash. */
export type Genesis = {
  /** When the chain was made, in whole seconds since 1970. */
  timestamp: number
  /** The account that holds all coins at first. Its key comes from the data folder's own secret. */
  faucet: PrivateKeyAccount
}

/** What the file says. */
type Kept = { timestamp: number; secret: string }

/** The genesis kept in a file, which is made the first time. STORE_START_FAILED when the file holds something else. */
export const readGenesis = async (file: string, now: Date): Promise<Genesis> => {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  const { timestamp, secret } = text === undefined ? await createFile(file, now) : parseFile(file, text)
  return { timestamp, faucet: privateKeyToAccount(faucetKey(secret)) }
}

const parseFile = (file: string, text: string): Kept => {
  try {
    const { timestamp, secret } = JSON.parse(text) as Partial<Kept>
    if (Number.isSafeInteger(timestamp) && /^[0-9a-f]{64}$/.test(String(secret))) return { timestamp, secret } as Kept
  } catch {
    // Told below: it is the same to whoever starts the system.
  }
  throw new StoreError('STORE_START_FAILED', `${file} is not the genesis of a chain. Restore it as it was.`)
}

const createFile = async (file: string, now: Date): Promise<Kept> => {
  const content: Kept = { timestamp: Math.floor(now.getTime() / 1000), secret: randomBytes(32).toString('hex') }
  await mkdir(dirname(file), { recursive: true })
  // Whole or not at all: a chain whose first lines are lost would be another chain.
  const handle = await open(`${file}.new`, 'w', 0o600)
  try {
    await handle.writeFile(JSON.stringify(content))
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${file}.new`, file)
  await syncFolder(dirname(file))
  return content
}

const faucetKey = (secret: string): `0x${string}` =>
  bytesToHex(new Uint8Array(hkdfSync('sha256', Buffer.from(secret, 'hex'), '', 'codai chain faucet', 32)))
