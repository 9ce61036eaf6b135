import { refuse } from './errors.ts'
import { compileCondition } from './filter.ts'
import { isPattern } from './patterns.ts'
import { parsePath, valueAt } from './paths.ts'
import type { Path } from './paths.ts'
import { isDocument } from './values.ts'
import type { Document } from './values.ts'

/** The conditions of a filter that must all hold, by field. */
export const requiredConditions = (filter: Document): [string, unknown][] =>
  Object.entries(filter).flatMap(([name, operand]) => {
    if (name === '$and' && Array.isArray(operand)) return operand.filter(isDocument).flatMap(requiredConditions)
    return name.startsWith('$') ? [] : [[name, operand] as [string, unknown]]
  })

/**
 * The index of the first element of an array that satisfies what a filter asks of that array: what `$` stands for.
 * Throws BadValue when the filter asks nothing of it.
 */
export const matchedElement = (filter: Document, document: Document, arrayPath: Path): number => {
  const name = arrayPath.join('.')
  const items = valueAt(document, arrayPath)
  const tests = requiredConditions(filter)
    .filter(([path]) => path === name || path.startsWith(`${name}.`))
    .map(([path, operand]) => {
      const inner = path.slice(name.length + 1)
      const predicate = compileCondition(operand).at(inner === '' ? ['array'] : ['array', ...parsePath(inner)])
      return (item: unknown) => predicate({ array: [item] })
    })
  if (!Array.isArray(items) || tests.length === 0) {
    throw refuse('BadValue', 'The positional operator did not find the match needed from the query.')
  }
  const all = items.findIndex((item) => tests.every((test) => test(item)))
  const index = all >= 0 ? all : items.findIndex((item) => tests.some((test) => test(item)))
  if (index < 0) throw refuse('BadValue', 'The positional operator did not find the match needed from the query.')
  return index
}

/** The fields that a document made by an upsert takes over from the filter: those that are asked to equal a value. */
export const equalities = (filter: Document): [string, unknown][] =>
  requiredConditions(filter).flatMap(([path, operand]) => {
    if (isPattern(operand)) return []
    if (!isDocument(operand)) return [[path, operand] as [string, unknown]]
    if ('$eq' in operand) return [[path, operand['$eq']] as [string, unknown]]
    return Object.keys(operand).some((name) => name.startsWith('$')) ? [] : [[path, operand] as [string, unknown]]
  })
