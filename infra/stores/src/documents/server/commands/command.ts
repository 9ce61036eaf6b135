import type { Collection } from '../collection.ts'
import { refuse } from '../errors.ts'
import type { Store } from '../store.ts'
import { isDocument } from '../values.ts'
import type { Document } from '../values.ts'
import type { Cursors } from './cursors.ts'

/** What a command works on. */
export type CommandContext = {
  store: Store
  cursors: Cursors
  connectionId: number
}

/** A reply as a document, or as BSON already. */
export type Reply = Document | Uint8Array

export type Command = {
  /** The fields that the command takes, besides those that every command does. Any other is refused. */
  fields: readonly string[] | 'any'
  run(command: Document, context: CommandContext): Reply
}

export const ok = (reply: Document = {}): Document => ({ ...reply, ok: 1 })

const COLLECTION_NAME = 'collection name has invalid type'

/** The namespace that a command is about: its database, and the collection that its first field names. */
export const namespaceOf = (command: Document): string => {
  const [name] = Object.values(command)
  if (typeof name !== 'string' || name === '') throw refuse('InvalidNamespace', COLLECTION_NAME)
  return `${databaseOf(command)}.${name}`
}

export const databaseOf = (command: Document): string => {
  const { $db: database } = command
  if (typeof database === 'string') return database
  throw refuse('Location40414', "BSON field '$db' is missing but a required field")
}

export const collectionOf = (command: Document, { store }: CommandContext): Collection | undefined =>
  store.get(namespaceOf(command))

/** A document field of a command, empty when it is not given. */
export const documentField = (command: Document, name: string): Document => {
  const value = command[name]
  if (value === undefined || value === null) return {}
  if (isDocument(value)) return value
  throw refuse('TypeMismatch', `BSON field '${name}' is the wrong type, expected type 'object'`)
}

/** An array field of a command; it must be given. */
export const arrayField = (command: Document, name: string): readonly unknown[] => {
  const value = command[name]
  if (Array.isArray(value)) return value
  throw refuse('Location40414', `BSON field '${name}' is missing but a required field, or is not an array`)
}

/** A count of a command, such as `skip`; undefined when it is not given. */
export const countField = (command: Document, name: string): number | undefined => {
  const value = command[name]
  if (value === undefined || value === null) return undefined
  const count = Number(value)
  if (Number.isInteger(count) && count >= 0) return count
  throw refuse('BadValue', `BSON field '${name}' value must be >= 0, actual value '${count}'`)
}
