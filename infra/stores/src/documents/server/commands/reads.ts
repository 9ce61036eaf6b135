import { refuse } from '../errors.ts'
import { NO_VARIABLES, createScope } from '../expressions.ts'
import { compileFilter } from '../filter.ts'
import { compileFindProjection } from '../find-projection.ts'
import { parsePath, valuesAt } from '../paths.ts'
import { compilePipeline } from '../pipeline.ts'
import { sortDocuments } from '../sorting.ts'
import { distinctOf } from '../exact-operators.ts'
import { isDocument, isTrue } from '../values.ts'
import type { Document } from '../values.ts'
import { arrayField, collectionOf, countField, databaseOf, documentField, namespaceOf, ok } from './command.ts'
import type { Command, CommandContext } from './command.ts'

const found = (command: Document, name: string, context: CommandContext): Document[] => {
  const filter = documentField(command, name)
  const collection = collectionOf(command, context)
  // A filter that cannot be understood is refused on an empty collection too.
  if (collection === undefined) compileFilter(filter)
  return collection === undefined ? [] : Array.from(collection.find(filter))
}

const page = (documents: readonly Document[], command: Document): readonly Document[] => {
  const skip = countField(command, 'skip') ?? 0
  const limit = countField(command, 'limit') ?? 0
  return documents.slice(skip, limit === 0 ? undefined : skip + limit)
}

const find: Command = {
  fields: `filter sort projection hint skip limit batchSize singleBatch allowDiskUse noCursorTimeout
    allowPartialResults`.split(/\s+/),
  run: (command, context) => {
    const filter = documentField(command, 'filter')
    const project = compileFindProjection(documentField(command, 'projection'), filter)
    const sort = documentField(command, 'sort')
    const matches = found(command, 'filter', context)
    const sorted = Object.keys(sort).length === 0 ? matches : sortDocuments(matches, sort)
    return context.cursors.open({
      namespace: namespaceOf(command),
      documents: page(sorted, command).map((document) => project(document, NO_VARIABLES)),
      batchSize: countField(command, 'batchSize'),
      single: isTrue(command['singleBatch']),
    })
  },
}

const getMore: Command = {
  fields: ['collection', 'batchSize'],
  run: (command, { cursors }) => {
    const { getMore: id, collection } = command
    if (typeof id !== 'bigint' && typeof id !== 'number')
      throw refuse('TypeMismatch', 'getMore needs the id of a cursor')
    return cursors.next(BigInt(id), `${databaseOf(command)}.${String(collection)}`, countField(command, 'batchSize'))
  },
}

const killCursors: Command = {
  fields: ['cursors'],
  run: (command, { cursors }) => {
    const killed: unknown[] = []
    const missing: unknown[] = []
    for (const id of arrayField(command, 'cursors')) (cursors.kill(BigInt(String(id))) ? killed : missing).push(id)
    return ok({ cursorsKilled: killed, cursorsNotFound: missing, cursorsAlive: [], cursorsUnknown: [] })
  },
}

const aggregate: Command = {
  fields: `pipeline cursor allowDiskUse hint let bypassDocumentValidation explain`.split(' '),
  run: (command, context) => {
    if (command['aggregate'] === 1) {
      throw refuse(
        'CommandNotSupported',
        'Aggregations over a whole database are not supported on this development server',
      )
    }
    if (isTrue(command['explain']))
      throw refuse('CommandNotSupported', 'explain is not supported on this development server')
    const database = databaseOf(command)
    const pipeline = arrayField(command, 'pipeline')
    const run = compilePipeline(pipeline, {
      collection: (name) => context.store.get(`${database}.${name}`)?.documents() ?? [],
    })
    const variables = documentField(command, 'let')
    const scope = Object.keys(variables).length === 0 ? NO_VARIABLES : createScope(variables)
    return context.cursors.open({
      namespace: namespaceOf(command),
      documents: Array.from(run(input(pipeline, command, context), scope)),
      batchSize: countField(documentField(command, 'cursor'), 'batchSize'),
    })
  },
}

/** What a pipeline starts from: a first `$match` may use an index. It is applied again by the pipeline, with its variables. */
const input = ([first]: readonly unknown[], command: Document, context: CommandContext): Iterable<Document> => {
  const collection = collectionOf(command, context)
  if (collection === undefined) return []
  const match = isDocument(first) ? first['$match'] : undefined
  return isDocument(match) && command['let'] === undefined ? collection.find(match) : collection.documents()
}

const distinct: Command = {
  fields: ['key', 'query', 'hint'],
  run: (command, context) => {
    const { key } = command
    if (typeof key !== 'string') throw refuse('TypeMismatch', "BSON field 'distinct.key' is the wrong type")
    const path = parsePath(key)
    const values = found(command, 'query', context).flatMap((document) =>
      valuesAt(document, path, false)
        .flatMap((value) => value)
        .filter((value) => value !== undefined),
    )
    return ok({ values: distinctOf(values) })
  },
}

const count: Command = {
  fields: ['query', 'limit', 'skip', 'hint', 'fields'],
  run: (command, context) => ok({ n: page(found(command, 'query', context), command).length }),
}

export const READ_COMMANDS: Readonly<Record<string, Command>> = {
  find,
  getMore,
  killCursors,
  aggregate,
  distinct,
  count,
}
