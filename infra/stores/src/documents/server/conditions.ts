import type { Scope } from './expressions.ts'
import { someAt } from './paths.ts'
import type { Path } from './paths.ts'
import type { Document } from './values.ts'

/** A test of a document; the scope has the variables that `$expr` may use. */
export type Predicate = (document: Document, scope?: Scope) => boolean

/** One condition on a field: how it reads at a path of a document, and on a value that stands alone (in `$elemMatch`). */
export type Condition = {
  at: (path: Path) => Predicate
  on: (value: unknown) => boolean
}

/** A condition on any of the values that a path reaches. `expand`: also on the elements of an array at its end. */
export const someValue = (test: (value: unknown) => boolean, expand = true): Condition => ({
  at: (path) => (document) => someAt(document, path, expand, test),
  on: test,
})

export const not = (condition: Condition): Condition => ({
  at: (path) => {
    const predicate = condition.at(path)
    return (document) => !predicate(document)
  },
  on: (value) => !condition.on(value),
})

export const every = (conditions: readonly Condition[]): Condition => {
  const [only] = conditions
  if (conditions.length === 1 && only !== undefined) return only
  return {
    at: (path) => {
      const predicates = conditions.map((condition) => condition.at(path))
      return (document) => predicates.every((predicate) => predicate(document))
    },
    on: (value) => conditions.every((condition) => condition.on(value)),
  }
}
