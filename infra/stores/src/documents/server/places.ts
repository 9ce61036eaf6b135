import { refuse } from './errors.ts'
import { isIndex } from './paths.ts'
import type { Path } from './paths.ts'
import { fieldOf, isDocument, setField } from './values.ts'
import type { Document } from './values.ts'

/** A place in a document that an update works on: it may hold nothing yet. */
export type Place = {
  readonly path: Path
  get(): unknown
  set(value: unknown): void
  /** Removes a field; an array element becomes null, as in MongoDB. */
  remove(): void
}

const LONGEST_PADDING = 1_500_000

const notViable = (part: string, path: Path, holder: unknown): Error =>
  refuse(
    'PathNotViable',
    `Cannot create field '${part}' in element {${path.at(-1) ?? ''}: ${JSON.stringify(holder) ?? 'undefined'}}`,
  )

/** The place at a path of field names and array indexes. Missing documents on the way are made only when it is set. */
export const placeAt = (document: Document, path: Path): Place => {
  const holder = (create: boolean): unknown => {
    let current: unknown = document
    for (const [depth, part] of path.slice(0, -1).entries()) {
      const next = childOf(current, part)
      if (next !== undefined) current = next
      else if (!create) return undefined
      else {
        const made = {}
        assign(current, part, made, path.slice(0, depth))
        current = made
      }
    }
    return current
  }
  const last = path.at(-1) ?? ''
  return {
    path,
    get: () => childOf(holder(false), last),
    set: (value) => assign(holder(true), last, value, path.slice(0, -1)),
    remove: () => {
      const current = holder(false)
      if (Array.isArray(current) && isIndex(last) && Number(last) < current.length) current[Number(last)] = null
      if (isDocument(current)) delete current[last]
    },
  }
}

const childOf = (holder: unknown, part: string): unknown => {
  if (Array.isArray(holder)) return isIndex(part) ? holder[Number(part)] : undefined
  return isDocument(holder) ? fieldOf(holder, part) : undefined
}

const assign = (holder: unknown, part: string, value: unknown, path: Path): void => {
  if (isDocument(holder)) return setField(holder, part, value)
  if (!Array.isArray(holder) || !isIndex(part)) throw notViable(part, path, holder)
  const index = Number(part)
  if (index > holder.length + LONGEST_PADDING)
    throw refuse('BadValue', `can't backfill more than ${LONGEST_PADDING} elements`)
  while (holder.length < index) holder.push(null)
  holder[index] = value
}

/** How the parts `$`, `$[]` and `$[name]` of a path choose elements of an array. */
export type ElementChoice = {
  /** The index of the element that the query matched, for `$`. Throws when it matched none. */
  matched(arrayPath: Path): number
  /** Whether the filter of this name accepts an element. Throws when there is no such filter. */
  accepts(name: string, element: unknown): boolean
}

/** The places that a path with positional parts stands for in this document. */
export const placesAt = (document: Document, path: Path, choice: ElementChoice): Place[] => {
  const concrete: Path[] = []
  const walk = (value: unknown, done: Path, [part, ...rest]: Path): void => {
    if (part === undefined) return void concrete.push(done)
    if (part === '$') {
      const index = choice.matched(done)
      return walk(childOf(value, String(index)), [...done, String(index)], rest)
    }
    const name = /^\$\[(.*)\]$/.exec(part)?.[1]
    if (name === undefined) return walk(childOf(value, part), [...done, part], rest)
    if (!Array.isArray(value)) {
      throw refuse(
        'BadValue',
        `The path '${done.join('.')}' must exist in the document in order to apply array updates.`,
      )
    }
    for (const [index, element] of value.entries()) {
      if (name === '' || choice.accepts(name, element)) walk(element, [...done, String(index)], rest)
    }
  }
  walk(document, [], path)
  return concrete.map((parts) => placeAt(document, parts))
}
