import { open, readFile, truncate } from 'node:fs/promises'
import { dirname } from 'node:path'

import { isHash, isHex } from 'viem'
import type { Address, Hash, Hex } from 'viem'

import { StoreError } from '../relational/store-error.ts'

/** A transaction that the chain accepted, and the block that it made. */
export type JournalEntry = {
  block: number
  /** The block's, in whole seconds since 1970. */
  timestamp: number
  /** The block's. */
  hash: Hash
  /** The signed transaction, as it was sent. */
  transaction: Hex
  /** Who asked the faucet for it. */
  faucetFor?: Address | undefined
}

/** The accepted transactions of a chain, in their order, in a file that only grows. */
export type Journal = {
  /** Resolves when the entry is on the disk. After a failed write every further one fails too. */
  append(entry: JournalEntry): Promise<void>
  close(): Promise<void>
}

/**
 * Opens a journal, and gives what is in it. A last line that a crash cut short was never answered for, and is dropped.
 * STORE_START_FAILED when another line cannot be read.
 */
export const openJournal = async (file: string): Promise<{ journal: Journal; entries: JournalEntry[] }> => {
  const bytes = await readFile(file).catch(() => Buffer.alloc(0))
  const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1)
  const lines = whole.toString('utf8').split('\n').slice(0, -1)
  const entries = lines.map((line, index) => parseLine(file, line, index + 1))
  if (whole.length < bytes.length) await truncate(file, whole.length)

  const handle = await open(file, 'a', 0o600)
  await handle.sync()
  await syncFolder(dirname(file))
  let failure: unknown

  const write = async (entry: JournalEntry): Promise<void> => {
    // What a failed write left on the disk is unknown: another line behind it could be lost with it.
    if (failure !== undefined) throw failure
    try {
      await handle.writeFile(`${JSON.stringify(entry)}\n`)
      await handle.datasync()
    } catch (cause) {
      failure = cause
      throw cause
    }
  }
  return { entries, journal: { append: write, close: () => handle.close() } }
}

/** Makes the names in a folder as durable as the files behind them. */
export const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const parseLine = (file: string, line: string, number: number): JournalEntry => {
  try {
    const entry = JSON.parse(line) as JournalEntry
    if (
      entry.block === number &&
      Number.isSafeInteger(entry.timestamp) &&
      isHash(entry.hash) &&
      isHex(entry.transaction)
    )
      return entry
  } catch {
    // Told below: it is the same to whoever starts the system.
  }
  throw new StoreError('STORE_START_FAILED', `Line ${number} of the chain's journal ${file} is damaged.`)
}
