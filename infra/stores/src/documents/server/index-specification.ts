import { refuse } from './errors.ts'
import { isNumeric } from './numbers.ts'
import { equalValues, isDocument, isTrue } from './values.ts'
import type { Document } from './values.ts'

/** What an index is, as `createIndexes` gives it and `listIndexes` shows it. */
export type IndexSpecification = {
  name: string
  key: Document
  unique: boolean
  sparse: boolean
  partialFilterExpression?: Document
}

/** Options that change nothing in a store in memory. */
const WITHOUT_EFFECT = new Set(['v', 'background', 'ns', 'comment'])
const KNOWN = new Set(['name', 'key', 'unique', 'sparse', 'partialFilterExpression'])

export const ID_INDEX: IndexSpecification = { name: '_id_', key: { _id: 1 }, unique: true, sparse: false }

/** Reads a specification. Throws CannotCreateIndex for a kind of index or an option that this server does not have. */
export const readIndexSpecification = (given: unknown): IndexSpecification => {
  if (!isDocument(given)) throw refuse('TypeMismatch', 'An index specification must be an object')
  const { name, key, partialFilterExpression: partial } = given
  if (!isDocument(key) || Object.keys(key).length === 0)
    throw refuse('CannotCreateIndex', 'Index keys cannot be empty.')
  for (const [field, direction] of Object.entries(key)) requireDirection(field, direction)
  const unknown = Object.keys(given).find((option) => !KNOWN.has(option) && !WITHOUT_EFFECT.has(option))
  if (unknown !== undefined) {
    throw refuse('CannotCreateIndex', `The index option '${unknown}' is not supported on this development server`)
  }
  if (partial !== undefined && !isDocument(partial)) {
    throw refuse('CannotCreateIndex', 'partialFilterExpression for an index must be a document')
  }
  return {
    name: typeof name === 'string' ? name : nameOf(key),
    key,
    unique: isTrue(given['unique']),
    sparse: isTrue(given['sparse']),
    ...(partial === undefined ? {} : { partialFilterExpression: partial }),
  }
}

const requireDirection = (field: string, direction: unknown): void => {
  if (field.includes('$')) throw refuse('CannotCreateIndex', `Index key contains an illegal field name: '${field}'`)
  if (isNumeric(direction) && Number(direction) !== 0) return
  throw refuse(
    'CannotCreateIndex',
    `An index of kind ${JSON.stringify(direction)} on '${field}' is not supported on this development server`,
  )
}

const nameOf = (key: Document): string =>
  Object.entries(key)
    .map(([field, direction]) => `${field}_${String(direction)}`)
    .join('_')

/** Whether two specifications make the same index, whatever its name. */
export const sameIndex = (left: IndexSpecification, right: IndexSpecification): boolean =>
  equalValues(left.key, right.key) &&
  left.unique === right.unique &&
  left.sparse === right.sparse &&
  equalValues(left.partialFilterExpression, right.partialFilterExpression)
