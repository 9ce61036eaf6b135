import { ObjectId } from 'bson'
import type { Collection } from '../collection.ts'
import { DocumentServerError, refuse } from '../errors.ts'
import { NO_VARIABLES } from '../expressions.ts'
import { compileFilter } from '../filter.ts'
import { compileFindProjection } from '../find-projection.ts'
import { equalities } from '../matched-element.ts'
import { parsePath } from '../paths.ts'
import { placeAt } from '../places.ts'
import { sortDocuments } from '../sorting.ts'
import { compileUpdate, isReplacement } from '../update.ts'
import type { Update } from '../update.ts'
import { copyValue, isDocument, isTrue } from '../values.ts'
import type { Document } from '../values.ts'
import { arrayField, collectionOf, documentField, namespaceOf, ok } from './command.ts'
import type { Command } from './command.ts'

const COMMON_FIELDS = ['ordered', 'bypassDocumentValidation', 'let']

/** Runs the parts of a bulk write; what one of them refuses is told beside what the others did. */
const bulk = (parts: readonly unknown[], ordered: unknown, run: (part: Document, index: number) => void): Document => {
  const writeErrors: Document[] = []
  for (const [index, part] of parts.entries()) {
    try {
      if (!isDocument(part)) throw refuse('TypeMismatch', 'a write must be an object')
      run(part, index)
    } catch (error) {
      if (!(error instanceof DocumentServerError)) throw error
      writeErrors.push({ index, code: error.code, errmsg: error.message, ...error.details })
      if (ordered !== false) break
    }
  }
  return writeErrors.length === 0 ? {} : { writeErrors }
}

const refuseOptions = (part: Document, known: readonly string[]): void => {
  const unknown = Object.keys(part).find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw refuse('Location40415', `BSON field '${unknown}' is not known, or not supported on this development server.`)
  }
}

const requireStorable = (document: Document): Document => {
  const name = Object.keys(document).find((field) => field.startsWith('$'))
  if (name === undefined) return document
  throw refuse('DollarPrefixedFieldName', `The dollar ($) prefixed field '${name}' is not valid for storage.`)
}

const insert: Command = {
  fields: [...COMMON_FIELDS, 'documents'],
  run: (command, { store }) => {
    const collection = store.ensure(namespaceOf(command))
    let n = 0
    const errors = bulk(arrayField(command, 'documents'), command['ordered'], (document) => {
      collection.insert(requireStorable(document))
      n += 1
    })
    return ok({ n, ...errors })
  },
}

/** What a filter finds; one that cannot be understood is refused also where there is no collection. */
const matching = (collection: Collection | undefined, filter: Document): Document[] => {
  if (collection !== undefined) return Array.from(collection.find(filter))
  compileFilter(filter)
  return []
}

/** The document that an upsert makes, from what the filter says and the update does. */
const upserted = (makeCollection: () => Collection, filter: Document, update: unknown, apply: Update): Document => {
  const base: Document = {}
  const known = equalities(filter)
  for (const [path, value] of isReplacement(update) ? known.filter(([path]) => path === '_id') : known) {
    placeAt(base, parsePath(path)).set(copyValue(value))
  }
  const made = apply(base, true)
  return makeCollection().insert('_id' in made ? made : { _id: new ObjectId(), ...made })
}

type UpdateRequest = { q: Document; u: unknown; multi: boolean; upsert: boolean; arrayFilters: readonly unknown[] }

const readUpdate = (part: Document): UpdateRequest => {
  refuseOptions(part, ['q', 'u', 'multi', 'upsert', 'arrayFilters', 'hint'])
  const arrayFilters = part['arrayFilters'] ?? []
  if (!Array.isArray(arrayFilters)) throw refuse('TypeMismatch', 'arrayFilters must be an array')
  const request = {
    q: documentField(part, 'q'),
    u: part['u'],
    multi: isTrue(part['multi']),
    upsert: isTrue(part['upsert']),
    arrayFilters,
  }
  if (request.multi && isReplacement(request.u)) {
    throw refuse('FailedToParse', 'multi update is not supported for replacement-style update')
  }
  return request
}

const update: Command = {
  fields: [...COMMON_FIELDS, 'updates'],
  run: (command, { store }) => {
    const namespace = namespaceOf(command)
    const upserts: Document[] = []
    let n = 0
    let nModified = 0
    const errors = bulk(arrayField(command, 'updates'), command['ordered'], (part, index) => {
      const { q, u, multi, upsert, arrayFilters } = readUpdate(part)
      const apply = compileUpdate(u, { filter: q, arrayFilters })
      const collection = store.get(namespace)
      const matches = matching(collection, q)
      for (const document of multi ? matches : matches.slice(0, 1)) {
        nModified += Number(collection?.replace(document, apply(document, false)))
        n += 1
      }
      if (matches.length > 0 || !upsert) return
      upserts.push({ index, _id: upserted(() => store.ensure(namespace), q, u, apply)['_id'] })
      n += 1
    })
    return ok({ n, nModified, ...(upserts.length > 0 ? { upserted: upserts } : {}), ...errors })
  },
}

const remove: Command = {
  fields: [...COMMON_FIELDS, 'deletes'],
  run: (command, context) => {
    const collection = collectionOf(command, context)
    let n = 0
    const errors = bulk(arrayField(command, 'deletes'), command['ordered'], (part) => {
      refuseOptions(part, ['q', 'limit', 'hint'])
      const filter = documentField(part, 'q')
      const matches = matching(collection, filter)
      for (const document of Number(part['limit']) === 1 ? matches.slice(0, 1) : matches) {
        collection?.remove(document)
        n += 1
      }
    })
    return ok({ n, ...errors })
  },
}

const findAndModify: Command = {
  fields: `query sort remove update new upsert fields arrayFilters hint bypassDocumentValidation`.split(' '),
  run: (command, { store }) => {
    const namespace = namespaceOf(command)
    const collection = store.get(namespace)
    const filter = documentField(command, 'query')
    const shape = compileFindProjection(documentField(command, 'fields'), filter)
    const shown = (document: Document | undefined): Document | null =>
      document === undefined ? null : shape(document, NO_VARIABLES)
    const [document] = sortDocuments(matching(collection, filter), documentField(command, 'sort'))

    if (isTrue(command['remove'])) {
      if ('update' in command) throw refuse('FailedToParse', "Cannot specify both an 'update' and 'remove'=true")
      if (document !== undefined) collection?.remove(document)
      return ok({ lastErrorObject: { n: document === undefined ? 0 : 1 }, value: shown(document) })
    }
    const arrayFilters = 'arrayFilters' in command ? arrayField(command, 'arrayFilters') : []
    const apply = compileUpdate(command['update'], { filter, arrayFilters })
    const wantsNew = isTrue(command['new'])
    if (document !== undefined) {
      const updated = apply(document, false)
      collection?.replace(document, updated)
      return ok({ lastErrorObject: { n: 1, updatedExisting: true }, value: shown(wantsNew ? updated : document) })
    }
    if (!isTrue(command['upsert'])) return ok({ lastErrorObject: { n: 0, updatedExisting: false }, value: null })
    const made = upserted(() => store.ensure(namespace), filter, command['update'], apply)
    return ok({
      lastErrorObject: { n: 1, updatedExisting: false, upserted: made['_id'] },
      value: wantsNew ? shown(made) : null,
    })
  },
}

export const WRITE_COMMANDS: Readonly<Record<string, Command>> = {
  insert,
  update,
  delete: remove,
  findAndModify,
  findandmodify: findAndModify,
}
