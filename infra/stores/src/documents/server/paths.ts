import { fieldOf, isDocument } from './values.ts'

/** A dotted path in its parts. */
export type Path = readonly string[]

export const parsePath = (path: string): Path => path.split('.')

export const isIndex = (part: string): boolean => /^(?:0|[1-9]\d*)$/.test(part)

/**
 * Whether `test` holds for a value that a path reaches, going through arrays as MongoDB's queries do: into the documents of
 * an array, and with `expand` also to the elements of an array at the path's end, and then the array itself.
 * A path that ends at nothing reaches `undefined`; one that ends in an array without documents reaches no value at all.
 */
export const someAt = (
  value: unknown,
  path: Path,
  expand: boolean,
  test: (value: unknown) => boolean,
  depth = 0,
): boolean => {
  const part = path[depth]
  if (part === undefined) return (expand && Array.isArray(value) && value.some(test)) || test(value)
  if (Array.isArray(value)) {
    const atIndex = isIndex(part) && Number(part) < value.length
    if (atIndex && someAt(value[Number(part)], path, expand, test, depth + 1)) return true
    return value.some((item) => isDocument(item) && someAt(item, path, expand, test, depth))
  }
  if (!isDocument(value)) return test(undefined)
  return someAt(fieldOf(value, part), path, expand, test, depth + 1)
}

/** Every value that a path reaches; see `someAt`. */
export const valuesAt = (document: unknown, path: Path, expand: boolean): unknown[] => {
  const values: unknown[] = []
  someAt(document, path, expand, (value) => {
    values.push(value)
    return false
  })
  return values
}

/** The one value at a path of field names and array indexes, without looking into the documents of an array. */
export const valueAt = (document: unknown, path: Path): unknown => {
  let value = document
  for (const part of path) {
    if (Array.isArray(value)) value = isIndex(part) ? value[Number(part)] : undefined
    else if (isDocument(value)) value = fieldOf(value, part)
    else return undefined
  }
  return value
}
