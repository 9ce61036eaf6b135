import { refuse } from './errors.ts'
import { compileCondition } from './filter.ts'
import { matchedElement } from './matched-element.ts'
import { isNumeric } from './numbers.ts'
import { parsePath, valueAt } from './paths.ts'
import type { Path } from './paths.ts'
import { compileProjection, isFlag, isOn, withField } from './projection.ts'
import type { Projection } from './projection.ts'
import { isDocument } from './values.ts'
import type { Document } from './values.ts'

/** What becomes of an array; `undefined` leaves the field out. */
type ArrayShape = (items: readonly unknown[], document: Document) => unknown
type ArrayRule = { path: Path; keepsOthers: boolean; shape: ArrayShape }

/** The array operator of one field of a projection, when it has one. */
const arrayRule = (name: string, value: unknown, filter: Document): ArrayRule | undefined => {
  if (name.endsWith('.$')) {
    const path = parsePath(name.slice(0, -2))
    return { path, keepsOthers: false, shape: (items, document) => [items[matchedElement(filter, document, path)]] }
  }
  if (!isDocument(value)) return undefined
  if ('$meta' in value) throw refuse('CommandNotSupported', '$meta is not supported on this development server')
  const path = parsePath(name)
  if ('$slice' in value && !isExpressionSlice(value['$slice'])) {
    return { path, keepsOthers: true, shape: slice(value['$slice']) }
  }
  if (!('$elemMatch' in value)) return undefined
  const condition = compileCondition(value)
  return { path, keepsOthers: false, shape: (items) => firstOf(items, (item) => condition.on([item])) }
}

const firstOf = (items: readonly unknown[], test: (item: unknown) => boolean): unknown => {
  const index = items.findIndex(test)
  return index < 0 ? undefined : [items[index]]
}

/**
 * Compiles a projection of `find`, which has the array operators `$slice`, `$elemMatch` and `field.$` besides.
 * Throws CommandNotSupported for `$meta`.
 */
export const compileFindProjection = (specification: Document, filter: Document): Projection => {
  const rules: ArrayRule[] = []
  const plain: Document = {}
  for (const [name, value] of Object.entries(specification)) {
    const rule = arrayRule(name, value, filter)
    if (rule === undefined) plain[name] = value
    else rules.push(rule)
  }
  const including = Object.entries(plain).some(([name, value]) => name !== '_id' && (!isFlag(value) || isOn(value)))
  // Beside included fields, or by an operator that chooses, an array is one more field that is included.
  for (const { path, keepsOthers } of rules) if (including || !keepsOthers) plain[path.join('.')] = 1
  const shape: Projection = Object.keys(plain).length === 0 ? (document) => document : compileProjection(plain)
  return (document, scope) => {
    let result = shape(document, scope)
    for (const rule of rules) {
      const items = valueAt(document, rule.path)
      if (Array.isArray(items)) result = withField(result, rule.path, rule.shape(items, document))
      else if (!rule.keepsOthers) result = withField(result, rule.path, undefined)
    }
    return result
  }
}

/** `$slice` of an aggregation expression names its array; the one of a projection has numbers only. */
const isExpressionSlice = (argument: unknown): boolean => Array.isArray(argument) && !isNumeric(argument[0])

const slice = (argument: unknown): ((items: readonly unknown[]) => unknown[]) => {
  const [first = 0, count] = (Array.isArray(argument) ? argument : [argument]).map(Number)
  if (count === undefined) return (items) => (first < 0 ? items.slice(first) : items.slice(0, first))
  return (items) => {
    const begin = first < 0 ? Math.max(items.length + first, 0) : first
    return items.slice(begin, begin + count)
  }
}
