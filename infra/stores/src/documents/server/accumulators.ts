import { refuse } from './errors.ts'
import { distinctOf, extremeOf, meanOf, sumOf } from './exact-operators.ts'
import { compileExpression, mingoAccumulator } from './expressions.ts'
import type { Scope } from './expressions.ts'
import { sortDocuments } from './sorting.ts'
import { isDocument } from './values.ts'
import type { Document } from './values.ts'

/** Folds the documents of a group into one value. */
export type Accumulator = (documents: readonly Document[], scope: Scope) => unknown

const OVER_VALUES: Readonly<Record<string, (values: readonly unknown[]) => unknown>> = {
  $sum: sumOf,
  $avg: meanOf,
  $min: (values) => extremeOf(values, 1),
  $max: (values) => extremeOf(values, -1),
  $first: ([first]) => first ?? null,
  $last: (values) => values.at(-1) ?? null,
  $push: (values) => values.filter((value) => value !== undefined),
  $addToSet: (values) => distinctOf(values.filter((value) => value !== undefined)),
}

/** `$top` and `$bottom`, alone or with `n`. */
const bySort = (name: string, argument: Document): Accumulator => {
  const { sortBy, output, n } = argument
  if (!isDocument(sortBy)) throw refuse('BadValue', `Missing value for 'sortBy' in ${name}`)
  const expression = compileExpression(output)
  const count = name.endsWith('N') ? Number(n) : 1
  return (documents, scope) => {
    const sorted = sortDocuments(documents, sortBy)
    const taken = name.startsWith('$top') ? sorted.slice(0, count) : sorted.slice(-count)
    const values = taken.map((document) => expression(document, scope) ?? null)
    return name.endsWith('N') ? values : values[0]
  }
}

const isBySort = (name: string): boolean => ['$top', '$topN', '$bottom', '$bottomN'].includes(name)

/** Compiles one field of `$group`. Throws InvalidPipelineOperator for an accumulator that is not known. */
export const compileAccumulator = (field: string, specification: unknown): Accumulator => {
  const [entry, ...more] = isDocument(specification) ? Object.entries(specification) : []
  if (entry === undefined || more.length > 0) {
    throw refuse('BadValue', `The field '${field}' must be an accumulator object`)
  }
  const [name, argument] = entry
  if (name === '$count') return (documents) => documents.length
  if (isBySort(name) && isDocument(argument)) return bySort(name, argument)
  const overValues = Object.hasOwn(OVER_VALUES, name) ? OVER_VALUES[name] : undefined
  if (overValues === undefined) {
    const accumulate = mingoAccumulator(name)
    return (documents) => accumulate(documents, argument)
  }
  const expression = compileExpression(argument)
  return (documents, scope) => overValues(documents.map((document) => expression(document, scope)))
}
