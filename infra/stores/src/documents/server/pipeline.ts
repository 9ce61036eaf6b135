import { compileAccumulator } from './accumulators.ts'
import { refuse } from './errors.ts'
import { compileExpression } from './expressions.ts'
import type { Scope } from './expressions.ts'
import { compileFilter } from './filter.ts'
import { lookup } from './lookup.ts'
import { parsePath, valueAt } from './paths.ts'
import { compileAddFields, compileProjection, withField } from './projection.ts'
import { parseSort, sortDocuments } from './sorting.ts'
import { compareValues, isDocument, setField, valueKey } from './values.ts'
import type { Document } from './values.ts'

/** What a pipeline reads besides its input. */
export type Sources = {
  /** All documents of a collection of the same database. */
  collection(name: string): Iterable<Document>
}

type Documents = Iterable<Document>
export type Stage = (documents: Documents, scope: Scope) => Documents
type CompileStage = (argument: unknown, sources: Sources) => Stage

const documentArgument = (stage: string, argument: unknown): Document => {
  if (isDocument(argument)) return argument
  throw refuse('BadValue', `the ${stage} specification must be an object`)
}

const countArgument = (stage: string, argument: unknown, least: number): number => {
  const count = Number(argument)
  if (Number.isInteger(count) && count >= least) return count
  throw refuse('BadValue', `invalid argument to ${stage} stage: Expected a number of at least ${least}`)
}

const mapped =
  (map: (document: Document, scope: Scope) => Document): Stage =>
  (documents, scope) =>
    Array.from(documents, (document) => map(document, scope))

const group: CompileStage = (argument) => {
  const { _id: id, ...fields } = documentArgument('$group', argument)
  if (!Object.hasOwn(documentArgument('$group', argument), '_id')) {
    throw refuse('BadValue', 'a group specification must include an _id')
  }
  const key = compileExpression(id)
  const accumulators = Object.entries(fields).map(
    ([name, specification]) => [name, compileAccumulator(name, specification)] as const,
  )
  return (documents, scope) => {
    const groups = new Map<string, { id: unknown; members: Document[] }>()
    for (const document of documents) {
      const value = key(document, scope) ?? null
      const text = valueKey(value)
      const existing = groups.get(text)
      if (existing === undefined) groups.set(text, { id: value, members: [document] })
      else existing.members.push(document)
    }
    return Array.from(groups.values(), ({ id: groupId, members }) => {
      const result: Document = { _id: groupId }
      for (const [name, accumulate] of accumulators) setField(result, name, accumulate(members, scope))
      return result
    })
  }
}

const unwind: CompileStage = (argument) => {
  const options = isDocument(argument) ? argument : { path: argument }
  const { path, preserveNullAndEmptyArrays: preserve = false, includeArrayIndex: indexField } = options
  if (typeof path !== 'string' || !path.startsWith('$')) {
    throw refuse('BadValue', "path option to $unwind stage should be prefixed with a '$'")
  }
  const name = path.slice(1)
  const parts = parsePath(name)
  const replace = (document: Document, value: unknown, index: unknown): Document => {
    const replaced = withField(document, parts, value)
    return typeof indexField === 'string' ? withField(replaced, parsePath(indexField), index) : replaced
  }
  return (documents) =>
    Array.from(documents).flatMap((document) => {
      const value = valueAt(document, parts)
      if (Array.isArray(value) && value.length > 0) {
        return value.map((item: unknown, index) => replace(document, item, BigInt(index)))
      }
      if (Array.isArray(value)) return preserve === true ? [replace(document, undefined, null)] : []
      if (value === undefined || value === null) return preserve === true ? [replace(document, value, null)] : []
      return [typeof indexField === 'string' ? replace(document, value, null) : document]
    })
}

const replaceRoot = (stage: string, expression: unknown): Stage => {
  const compiled = compileExpression(expression)
  return mapped((document, scope) => {
    const root = compiled(document, scope)
    if (isDocument(root)) return root
    throw refuse('BadValue', `'${stage}' expression must evaluate to an object`)
  })
}

const unset: CompileStage = (argument) => {
  const names = Array.isArray(argument) ? argument : [argument]
  const projection = compileProjection(Object.fromEntries(names.map((name) => [String(name), 0])))
  return mapped(projection)
}

const bucket: CompileStage = (argument, sources) => {
  const {
    groupBy,
    boundaries,
    default: otherwise,
    output = { count: { $sum: 1 } },
  } = documentArgument('$bucket', argument)
  if (!Array.isArray(boundaries) || boundaries.length < 2) {
    throw refuse('BadValue', '$bucket requires at least two boundaries')
  }
  const bounds: readonly unknown[] = boundaries
  const key = compileExpression(groupBy)
  const fold = group({ _id: '$bucket', ...documentArgument('$bucket', output) }, sources)
  return (documents, scope) => {
    const placed = Array.from(documents, (document) => {
      const value = key(document, scope)
      const inRange = compareValues(value, bounds[0]) >= 0 && compareValues(value, bounds.at(-1)) < 0
      if (!inRange && otherwise === undefined) {
        throw refuse('BadValue', '$bucket could not find a matching branch, and no default was specified')
      }
      return { ...document, bucket: inRange ? bounds.findLast((bound) => compareValues(bound, value) <= 0) : otherwise }
    })
    return sortDocuments(fold(placed, scope), { _id: 1 })
  }
}

const sample: CompileStage = (argument) => {
  const size = countArgument('$sample', documentArgument('$sample', argument)['size'], 0)
  return (documents) => {
    const remaining = Array.from(documents)
    const taken: Document[] = []
    while (taken.length < size && remaining.length > 0) {
      const [document] = remaining.splice(Math.floor(Math.random() * remaining.length), 1)
      if (document !== undefined) taken.push(document)
    }
    return taken
  }
}

const facet: CompileStage = (argument, sources) => {
  const facets = Object.entries(documentArgument('$facet', argument)).map(
    ([name, pipeline]) => [name, compilePipeline(pipeline, sources)] as const,
  )
  return (documents, scope) => {
    const input = Array.from(documents)
    return [Object.fromEntries(facets.map(([name, run]) => [name, Array.from(run(input, scope))]))]
  }
}

const unionWith: CompileStage = (argument, sources) => {
  const { coll, pipeline = [] } = isDocument(argument) ? argument : { coll: argument }
  const run = compilePipeline(pipeline, sources)
  return (documents, scope) => [...documents, ...run(sources.collection(String(coll)), scope)]
}

const STAGES: Readonly<Record<string, CompileStage>> = {
  $match: (argument) => {
    const test = compileFilter(documentArgument('$match', argument))
    return (documents, scope) => Array.from(documents).filter((document) => test(document, scope))
  },
  $sort: (argument) => {
    const specification = documentArgument('$sort', argument)
    parseSort(specification)
    return (documents) => sortDocuments(documents, specification)
  },
  $limit: (argument) => {
    const count = countArgument('$limit', argument, 1)
    return (documents) => Array.from(documents).slice(0, count)
  },
  $skip: (argument) => {
    const count = countArgument('$skip', argument, 0)
    return (documents) => Array.from(documents).slice(count)
  },
  $count: (argument) => {
    if (typeof argument !== 'string' || argument === '')
      throw refuse('BadValue', 'the count field must be a non-empty string')
    return (documents) => {
      const count = Array.from(documents).length
      return count === 0 ? [] : [{ [argument]: count }]
    }
  },
  $project: (argument) => mapped(compileProjection(documentArgument('$project', argument))),
  $addFields: (argument) => mapped(compileAddFields(documentArgument('$addFields', argument))),
  $set: (argument) => mapped(compileAddFields(documentArgument('$set', argument))),
  $unset: unset,
  $replaceRoot: (argument) => replaceRoot('newRoot', documentArgument('$replaceRoot', argument)['newRoot']),
  $replaceWith: (argument) => replaceRoot('replacement document', argument),
  $group: group,
  $sortByCount: (argument, sources) => {
    const fold = group({ _id: argument, count: { $sum: 1 } }, sources)
    return (documents, scope) => sortDocuments(fold(documents, scope), { count: -1 })
  },
  $unwind: unwind,
  $lookup: (argument, sources) => lookup(documentArgument('$lookup', argument), sources, compilePipeline),
  $facet: facet,
  $bucket: bucket,
  $sample: sample,
  $unionWith: unionWith,
}

/** Stages that MongoDB has, and that this server refuses by name. */
const NOT_HERE = new Set(
  `$changeStream $out $merge $graphLookup $geoNear $bucketAuto $setWindowFields $densify $fill $redact $documents $indexStats
  $collStats $currentOp $listSessions $planCacheStats $search $searchMeta $vectorSearch`.split(/\s+/),
)

/**
 * Compiles an aggregation pipeline. Throws Location40324 for a stage that does not exist, CommandNotSupported for one that
 * this development server does not have.
 */
export const compilePipeline = (pipeline: unknown, sources: Sources): Stage => {
  if (!Array.isArray(pipeline)) throw refuse('TypeMismatch', "'pipeline' option must be specified as an array")
  const stages = pipeline.map((stage: unknown) => {
    const [entry, ...more] = isDocument(stage) ? Object.entries(stage) : []
    if (entry === undefined || more.length > 0) {
      throw refuse('BadValue', 'A pipeline stage specification object must contain exactly one field.')
    }
    const [name, argument] = entry
    const compile = Object.hasOwn(STAGES, name) ? STAGES[name] : undefined
    if (compile !== undefined) return compile(argument, sources)
    if (NOT_HERE.has(name)) {
      throw refuse(
        'CommandNotSupported',
        `${name} is not supported on this development server. Set MONGODB_URL to use it.`,
      )
    }
    throw refuse('Location40324', `Unrecognized pipeline stage name: '${name}'`)
  })
  return (documents, scope) => stages.reduce<Documents>((result, stage) => stage(result, scope), documents)
}
