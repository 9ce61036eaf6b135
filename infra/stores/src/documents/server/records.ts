import { calculateObjectSize, deserialize, serialize } from 'bson'
import { refuse } from './errors.ts'
import type { Document } from './values.ts'

const MOST_DOCUMENT_BYTES = 16 * 1024 * 1024

/** Int64 become bigints and patterns keep their options, so that what is written again is what was read. */
export const readBson = (bytes: Uint8Array): Document =>
  deserialize(bytes, { useBigInt64: true, bsonRegExp: true, promoteBuffers: false })

/** Throws BSONObjectTooLarge beyond MongoDB's 16 MiB. */
export const writeBson = (document: Document): Uint8Array => {
  try {
    const bytes = serialize(document, { ignoreUndefined: true })
    if (bytes.length <= MOST_DOCUMENT_BYTES) return bytes
  } catch (error) {
    if (!(error instanceof RangeError) || calculateObjectSize(document) <= MOST_DOCUMENT_BYTES) throw error
  }
  throw refuse('BSONObjectTooLarge', `BSONObj size is invalid: a document may have up to ${MOST_DOCUMENT_BYTES} bytes`)
}

const KINDS = ['put', 'remove', 'createCollection', 'dropCollection', 'createIndex', 'dropIndex'] as const

/** One change in the log: a kind, the collection it concerns, and a document whose meaning depends on the kind. */
export type Change = { kind: (typeof KINDS)[number]; namespace: string; body: Document }

/** A byte for the kind, two for the length of the namespace, the namespace, and BSON. */
export const writeChange = ({ kind, namespace, body }: Change): Uint8Array => {
  const name = Buffer.from(namespace)
  const bytes = writeBson(body)
  const record = Buffer.allocUnsafe(3 + name.length + bytes.length)
  record.writeUInt8(KINDS.indexOf(kind), 0)
  record.writeUInt16LE(name.length, 1)
  record.set(name, 3)
  record.set(bytes, 3 + name.length)
  return record
}

export const readChange = (record: Buffer): Change => {
  const kind = KINDS[record.readUInt8(0)]
  if (kind === undefined) throw new Error('The document log was written by a later version of this server')
  const end = 3 + record.readUInt16LE(1)
  return { kind, namespace: record.toString('utf8', 3, end), body: readBson(record.subarray(end)) }
}
