import { serialize } from 'bson'
import { readBson } from './records.ts'
import type { Document } from './values.ts'

/** MongoDB's wire protocol: OP_MSG, and OP_QUERY for the first greeting of a driver. */
const OP_REPLY = 1
const OP_QUERY = 2004
const OP_MSG = 2013
const HEADER_BYTES = 16
const CHECKSUM_PRESENT = 1
const MORE_TO_COME = 2
export const MOST_MESSAGE_BYTES = 48_000_000

export type Request = {
  id: number
  /** The command: its first field names it. Document sequences are part of it, as arrays. */
  command: Document
  /** Whether the client waits for a reply. */
  wantsReply: boolean
  reply: (body: Uint8Array, id: number) => Buffer
}

const header = (length: number, id: number, responseTo: number, opCode: number): Buffer => {
  const bytes = Buffer.alloc(HEADER_BYTES)
  bytes.writeInt32LE(length, 0)
  bytes.writeInt32LE(id, 4)
  bytes.writeInt32LE(responseTo, 8)
  bytes.writeInt32LE(opCode, 12)
  return bytes
}

/** Reads one whole message. Throws when it is not one that this server understands. */
export const readRequest = (message: Buffer): Request => {
  const id = message.readInt32LE(4)
  const opCode = message.readInt32LE(12)
  if (opCode === OP_MSG) return readMessage(message, id)
  if (opCode === OP_QUERY) return readQuery(message, id)
  throw new Error(`The document server does not understand messages of kind ${opCode}`)
}

const documentAt = (bytes: Buffer, start: number): Buffer => bytes.subarray(start, start + bytes.readInt32LE(start))

const readMessage = (message: Buffer, id: number): Request => {
  const flags = message.readUInt32LE(HEADER_BYTES)
  const end = message.length - ((flags & CHECKSUM_PRESENT) === 0 ? 0 : 4)
  let command: Document = {}
  const sequences: Document = {}
  let position = HEADER_BYTES + 4
  while (position < end) {
    const kind = message.readUInt8(position)
    const section = documentAt(message, position + 1)
    if (section.length < 5) throw new Error('The document server was sent an empty section')
    position += 1 + section.length
    if (kind === 0) command = readBson(section)
    else if (kind === 1) readSequence(section, sequences)
    else throw new Error(`The document server does not understand sections of kind ${kind}`)
  }
  return {
    id,
    command: { ...command, ...sequences },
    wantsReply: (flags & MORE_TO_COME) === 0,
    reply: (body, replyId) => {
      const prefix = Buffer.alloc(5)
      return Buffer.concat([header(HEADER_BYTES + 5 + body.length, replyId, id, OP_MSG), prefix, body])
    },
  }
}

/** A document sequence: its size, a name, and documents to the end. */
const readSequence = (section: Buffer, sequences: Document): void => {
  const nameEnd = section.indexOf(0, 4)
  const documents: Document[] = []
  let position = nameEnd + 1
  while (position < section.length) {
    const bytes = documentAt(section, position)
    documents.push(readBson(bytes))
    position += bytes.length
  }
  sequences[section.toString('utf8', 4, nameEnd)] = documents
}

const readQuery = (message: Buffer, id: number): Request => {
  const nameEnd = message.indexOf(0, HEADER_BYTES + 4)
  const namespace = message.toString('utf8', HEADER_BYTES + 4, nameEnd)
  const command = readBson(documentAt(message, nameEnd + 9))
  return {
    id,
    command: { ...command, $db: namespace.replace(/\.\$cmd$/, '') },
    wantsReply: true,
    reply: (body, replyId) => {
      const prefix = Buffer.alloc(20)
      prefix.writeInt32LE(1, 16)
      return Buffer.concat([header(HEADER_BYTES + 20 + body.length, replyId, id, OP_REPLY), prefix, body])
    },
  }
}

/** Cuts a stream of bytes into messages. Throws when a length cannot be right. */
export const createMessageReader = (onMessage: (message: Buffer) => void): ((chunk: Buffer) => void) => {
  let chunks: Buffer[] = []
  let held = 0
  return (chunk) => {
    chunks.push(chunk)
    held += chunk.length
    while (held >= 4) {
      const [first] = chunks
      const joined = first !== undefined && first.length >= 4 ? first : Buffer.concat(chunks)
      if (joined !== first) chunks = [joined]
      const length = joined.readInt32LE(0)
      if (length < HEADER_BYTES || length > MOST_MESSAGE_BYTES)
        throw new Error(`A message of ${length} bytes is not valid`)
      if (held < length) return
      const whole = chunks.length === 1 ? joined : Buffer.concat(chunks)
      const rest = whole.subarray(length)
      chunks = rest.length === 0 ? [] : [rest]
      held = rest.length
      onMessage(whole.subarray(0, length))
    }
  }
}

/** A reply whose `cursor` has a batch of documents that are BSON already. */
export type CursorReply = {
  id: bigint
  namespace: string
  batchName: 'firstBatch' | 'nextBatch'
  batch: readonly Uint8Array[]
}

/** Writes a cursor reply; the batch is copied in, not encoded again. */
export const writeCursorReply = ({ id, namespace, batchName, batch }: CursorReply): Buffer => {
  const array = arrayOf(batch)
  const tail = serialize({ id, ns: namespace })
  const cursor = wrap([Buffer.from(`\u0004${batchName}\0`), array, tail.subarray(4, -1)])
  return wrap([Buffer.from('\u0003cursor\0'), cursor, serialize({ ok: 1.0 }).subarray(4, -1)])
}

const wrap = (parts: readonly Uint8Array[]): Buffer => {
  const length = parts.reduce((sum, part) => sum + part.length, 5)
  const size = Buffer.alloc(4)
  size.writeInt32LE(length)
  return Buffer.concat([size, ...parts, Buffer.alloc(1)], length)
}

const arrayOf = (documents: readonly Uint8Array[]): Buffer =>
  wrap(documents.flatMap((bytes, index) => [Buffer.from(`\u0003${index}\0`), bytes]))

export const writeReply = (reply: Document): Uint8Array => serialize(reply, { ignoreUndefined: true })
