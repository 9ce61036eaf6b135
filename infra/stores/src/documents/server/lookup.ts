import { refuse } from './errors.ts'
import { compileExpression, createScope } from './expressions.ts'
import { parsePath, valuesAt } from './paths.ts'
import type { Sources, Stage } from './pipeline.ts'
import { withField } from './projection.ts'
import { isDocument, valueKey } from './values.ts'
import type { Document } from './values.ts'

const keysAt = (document: Document, path: string): string[] => valuesAt(document, parsePath(path), true).map(valueKey)

/** `$lookup`: by equal fields, by a pipeline with variables, or by both. */
export const lookup = (
  argument: Document,
  sources: Sources,
  compilePipeline: (pipeline: unknown, sources: Sources) => Stage,
): Stage => {
  const { from, as, localField, foreignField, let: variables = {}, pipeline = [] } = argument
  if (typeof from !== 'string' || typeof as !== 'string') {
    throw refuse('FailedToParse', "$lookup needs 'from' and 'as' as strings")
  }
  const byField = typeof localField === 'string' && typeof foreignField === 'string'
  if (!byField && !('pipeline' in argument)) {
    throw refuse('FailedToParse', "$lookup requires either 'pipeline' or both 'localField' and 'foreignField'")
  }
  if (!isDocument(variables)) throw refuse('FailedToParse', "$lookup argument 'let' must be an object")
  const bindings = Object.entries(variables).map(([name, value]) => [name, compileExpression(value)] as const)
  const run = compilePipeline(pipeline, sources)
  const attach = (document: Document, found: readonly Document[]): Document => withField(document, parsePath(as), found)

  return (documents, scope) => {
    const foreign = Array.from(sources.collection(from))
    const byKey = byField ? groupByKeys(foreign, foreignField) : undefined
    return Array.from(documents, (document) => {
      const matches = byKey === undefined || !byField ? foreign : matching(byKey, keysAt(document, localField))
      if (!('pipeline' in argument)) return attach(document, matches)
      const inner = createScope(
        Object.fromEntries(bindings.map(([name, value]) => [name, value(document, scope) ?? null])),
      )
      return attach(document, Array.from(run(matches, inner)))
    })
  }
}

const groupByKeys = (documents: readonly Document[], path: string): Map<string, Document[]> => {
  const groups = new Map<string, Document[]>()
  for (const document of documents) {
    for (const key of new Set(keysAt(document, path))) {
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [document])
      else group.push(document)
    }
  }
  return groups
}

/** A local field without a value matches what is null or missing, as in a query. */
const matching = (groups: Map<string, Document[]>, keys: readonly string[]): Document[] => {
  const wanted = keys.length === 0 ? ['null'] : keys
  return Array.from(new Set(wanted.flatMap((key) => groups.get(key) ?? [])))
}
