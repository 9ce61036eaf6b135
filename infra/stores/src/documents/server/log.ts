import { open, rename, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'

/**
 * An append-only log. Each record is its length and its CRC-32, four bytes each in little-endian order, and then its bytes.
 * Appended records are written and synced in batches: one `fdatasync` for all that came while the one before it ran.
 */
export type Log = {
  /** Bytes on disk. */
  readonly size: number
  /** Adds a record to the next batch. */
  append(record: Uint8Array): void
  /** Resolves when all that was appended so far is on disk; rejects for ever once a write has failed. */
  synced(): Promise<void>
  /** Puts these records in place of all others, through a second file and a rename. */
  rewrite(records: Iterable<Uint8Array>): Promise<void>
  close(): Promise<void>
}

const HEADER_BYTES = 8
const CHUNK_BYTES = 4 * 1024 * 1024
const READ_BYTES = 64 * 1024 * 1024
/** No document is larger than 16 MiB; a length beyond this was never written. */
const LONGEST_RECORD = 17 * 1024 * 1024

const frame = (record: Uint8Array): Buffer => {
  const framed = Buffer.allocUnsafe(HEADER_BYTES + record.length)
  framed.writeUInt32LE(record.length, 0)
  framed.writeUInt32LE(crc32(record), 4)
  framed.set(record, HEADER_BYTES)
  return framed
}

/** Opens a log, and gives every record in it to `replay`. A record that a crash cut short is dropped. */
export const openLog = async (path: string, replay: (record: Buffer) => void): Promise<Log> => {
  await rm(temporary(path), { force: true })
  let file = await open(path, 'a+')
  let size = await recover(file, path, replay)

  let waiting: Buffer[] = []
  let work: Promise<void> = Promise.resolve()
  let scheduled: Promise<void> | undefined
  let failure: Error | undefined

  const flush = async (): Promise<void> => {
    scheduled = undefined
    if (failure !== undefined) throw failure
    const batch = Buffer.concat(waiting)
    waiting = []
    if (batch.length === 0) return
    try {
      await writeAll(file, batch)
      await file.datasync()
      size += batch.length
    } catch (error) {
      // What is on disk is unknown from here on; to go on could acknowledge writes that are lost.
      failure = new Error(`The document log ${path} cannot be written: ${String(error)}`, { cause: error })
      throw failure
    }
  }

  const inTurn = (step: () => Promise<void>): Promise<void> => {
    const done = work.then(step)
    work = done.catch(() => undefined)
    return done
  }

  const rewrite = async (records: Iterable<Uint8Array>): Promise<void> => {
    if (failure !== undefined) throw failure
    // What waits is part of the records given, which are all that there is.
    waiting = []
    try {
      await replaceFile(records)
    } catch (error) {
      failure = new Error(`The document log ${path} cannot be compacted: ${String(error)}`, { cause: error })
      throw failure
    }
  }

  const replaceFile = async (records: Iterable<Uint8Array>): Promise<void> => {
    const replacement = await open(temporary(path), 'w+')
    size = await writeRecords(replacement, records)
    await replacement.sync()
    await rename(temporary(path), path)
    await syncFolder(path)
    await file.close()
    file = replacement
  }

  return {
    get size() {
      return size
    },
    append: (record) => {
      waiting.push(frame(record))
    },
    synced: () => {
      scheduled ??= inTurn(flush)
      return scheduled
    },
    rewrite: (records) => inTurn(() => rewrite(records)),
    close: async () => {
      await inTurn(flush).catch(() => undefined)
      await file.close()
    },
  }
}

/** Replays what is there and cuts off what a crash left half written; returns where the log goes on. */
const recover = async (file: FileHandle, path: string, replay: (record: Buffer) => void): Promise<number> => {
  try {
    const end = await replayFile(file, path, replay)
    await file.truncate(end)
    await file.sync()
    await syncFolder(path)
    return end
  } catch (error) {
    await file.close()
    throw error
  }
}

const temporary = (path: string): string => `${path}.new`

const writeAll = async (file: FileHandle, bytes: Buffer): Promise<void> => {
  let written = 0
  while (written < bytes.length) written += (await file.write(bytes, written)).bytesWritten
}

/** Writes records in large pieces; returns how many bytes they took. */
const writeRecords = async (file: FileHandle, records: Iterable<Uint8Array>): Promise<number> => {
  let [total, pending]: [number, Buffer[]] = [0, []]
  let bytes = 0
  for (const record of records) {
    const framed = frame(record)
    pending.push(framed)
    bytes += framed.length
    if (bytes < CHUNK_BYTES) continue
    await writeAll(file, Buffer.concat(pending))
    total += bytes
    pending = []
    bytes = 0
  }
  await writeAll(file, Buffer.concat(pending))
  return total + bytes
}

/** A rename or a new file is durable when its folder is. */
const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Reads all whole records; returns where they end. Throws when a damaged record is not the last. */
const replayFile = async (file: FileHandle, path: string, replay: (record: Buffer) => void): Promise<number> => {
  const { size } = await file.stat()
  let start = 0
  let held: Buffer = Buffer.alloc(0)
  for (;;) {
    const wanted = held.length < HEADER_BYTES ? HEADER_BYTES : HEADER_BYTES + held.readUInt32LE(0)
    const isDamaged = wanted > HEADER_BYTES + LONGEST_RECORD
    if (!isDamaged && held.length < wanted) {
      if (start + wanted > size) return start
      held = await readAt(file, start, Math.min(size - start, Math.max(wanted, READ_BYTES)))
      if (held.length < wanted) return start
      continue
    }
    const record = held.subarray(HEADER_BYTES, wanted)
    if (isDamaged || crc32(record) !== held.readUInt32LE(4)) {
      if (!isDamaged && start + wanted === size) return start
      throw new Error(
        `The document log ${path} is damaged at byte ${start}, before its end. Restore it from a backup, or remove its folder to start empty.`,
      )
    }
    replay(record)
    start += wanted
    held = held.subarray(wanted)
  }
}

const readAt = async (file: FileHandle, start: number, length: number): Promise<Buffer> => {
  const buffer = Buffer.allocUnsafe(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, start + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}
