import { GraphQLError } from 'graphql'
import { createBytes } from './bytes.ts'
import type { Bytes } from './bytes.ts'
import { AnswerTooLargeError } from './too-large.ts'
import type { Data, Path, Variables } from './types.ts'

/** What a writer has written, where it is in the response, and what it found wrong there. */
export type Output = Bytes & {
  readonly errors: GraphQLError[]
  /** As the client sent them. */
  readonly variables: Variables
  /** The path to the value that is written; entries from `depth` on are left over from before. */
  readonly path: (string | number)[]
  depth: number
  /** How many more fields and items may be written. */
  valuesLeft: number
  /** Objects that stand at several places, and are written alike at each. */
  readonly shared: ReadonlySet<Data>
  /** What was written of them, by what is selected there. */
  readonly spans: Map<Data, Map<object, WrittenSpan>>
  /** How often something that was written was taken back. */
  withdrawals: number
  /** What was left out to come later. */
  readonly deferrals: Deferral[]
  /** Tells whether an error that was there before writing explains a null at the path. */
  readonly isExplained: (path: Path) => boolean
}

/** A part of an object that comes later. */
export type Deferral = {
  readonly label: string
  /** Where the object is. */
  readonly path: Path
  /** Whether the object has the part; undefined while nobody told what the object is. */
  readonly belongsTo: (object: Data) => boolean | undefined
  /** Writes the part; false when a null takes all of it. */
  readonly write: (object: Data, output: Output) => boolean
  /** Whether a path that begins at the object is selected by the part, and not by one that comes still later. */
  readonly selects: (path: Path) => boolean
}

/** Where an object was written, which is the same wherever it stands, and how many values are in it. */
export type WrittenSpan = {
  readonly start: number
  readonly end: number
  readonly values: number
  /** It is there as long as nothing more was taken back. */
  readonly withdrawals: number
}

/**
 * Prepares to write. In: the errors that fetches left, to which those of writing are added, and the objects that stand at
 * several places, and how many bytes to expect.
 */
export const createOutput = (
  errors: GraphQLError[],
  variables: Variables,
  shared: ReadonlySet<Data> = NONE,
  expectedBytes?: number,
): Output => {
  const before = errors.length
  let explained: Explained | undefined
  return {
    ...createBytes(expectedBytes),
    errors,
    variables,
    path: [],
    depth: 0,
    valuesLeft: MOST_VALUES,
    // Where there are errors, what is told of an object depends on its place.
    shared: before > 0 ? NONE : shared,
    spans: new Map(),
    withdrawals: 0,
    deferrals: [],
    isExplained: (path) => {
      if (before === 0) return false
      explained ??= readExplained(errors.slice(0, before))
      return leadsToError(explained, path)
    },
  }
}

/** Counts values before they are written. Throws `AnswerTooLargeError` past the limit. */
export const count = (output: Output, values: number): void => {
  output.valuesLeft -= values
  if (output.valuesLeft < 0) throw new AnswerTooLargeError(`The answer has more than ${MOST_VALUES} values.`)
}

/** Takes back what was written since there were so many bytes. */
export const withdraw = (output: Output, length: number): void => {
  output.length = length
  output.withdrawals += 1
}

/** Notes an error at the path that is written. */
export const report = ({ errors, path, depth }: Output, message: string): void => {
  errors.push(new GraphQLError(message, { path: path.slice(0, depth), extensions: { code: INVALID_VALUE } }))
}

/** Notes a null where none may be, unless an error at the place, above it or below it says why. */
export const reportNull = (output: Output, message: string): void => {
  if (!output.isExplained(output.path.slice(0, output.depth))) report(output, message)
}

const NONE: ReadonlySet<Data> = new Set()

/** Some tens of megabytes. */
const MOST_VALUES = 2_000_000

/** A code that no client is shown: a subgraph broke its schema, which is not for the client to mend. */
const INVALID_VALUE = 'INVALID_GRAPHQL'

/** The paths of errors as a tree. */
type Explained = { hasError: boolean; readonly below: Map<string | number, Explained> }

const readExplained = (errors: readonly GraphQLError[]): Explained => {
  const root: Explained = { hasError: false, below: new Map() }
  for (const { path = [] } of errors) {
    let node = root
    for (const key of path) {
      const next = node.below.get(key) ?? { hasError: false, below: new Map() }
      node.below.set(key, next)
      node = next
    }
    node.hasError = true
  }
  return root
}

const leadsToError = (root: Explained, path: Path): boolean => {
  let node = root
  for (const key of path) {
    if (node.hasError) return true
    const next = node.below.get(key)
    if (!next) return false
    node = next
  }
  return true
}
