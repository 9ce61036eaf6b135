import { refuse } from './errors.ts'
import { parsePath, valuesAt } from './paths.ts'
import type { Path } from './paths.ts'
import { compareValues, isDocument } from './values.ts'
import type { Document } from './values.ts'

/** Reads a sort specification. Throws BadValue for anything but 1 and -1. */
export const parseSort = (specification: Document): { path: Path; direction: number }[] =>
  Object.entries(specification).map(([name, value]) => {
    if (isDocument(value))
      throw refuse('CommandNotSupported', 'Sorting by $meta is not supported on this development server')
    if (name.startsWith('$'))
      throw refuse('CommandNotSupported', `Sorting by ${name} is not supported on this development server`)
    const direction = Number(value)
    if (direction !== 1 && direction !== -1) {
      throw refuse('BadValue', '$sort key ordering must be 1 (for ascending) or -1 (for descending)')
    }
    return { path: parsePath(name), direction }
  })

/** Of an array, the element that comes first in the direction of the sort; an empty array comes before null. */
const sortValue = (document: Document, path: Path, direction: number): unknown => {
  const values = valuesAt(document, path, false).flatMap((value) => {
    if (!Array.isArray(value)) return [value]
    return value.length === 0 ? [undefined] : value
  })
  if (values.length < 2) return values[0]
  return values.reduce((best, value) => (compareValues(value, best) * direction < 0 ? value : best))
}

/** A sorted copy; documents that are equal keep their order. */
export const sortDocuments = (documents: Iterable<Document>, specification: Document): Document[] => {
  const keys = parseSort(specification)
  const rows = Array.from(documents, (document) => ({
    document,
    values: keys.map(({ path, direction }) => sortValue(document, path, direction)),
  }))
  if (keys.length > 0) {
    rows.sort((left, right) => {
      for (const [index, { direction }] of keys.entries()) {
        const difference = compareValues(left.values[index], right.values[index])
        if (difference !== 0) return difference * direction
      }
      return 0
    })
  }
  return rows.map(({ document }) => document)
}
