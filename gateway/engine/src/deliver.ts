import { GraphQLError } from 'graphql'
import { written } from './bytes.ts'
import { clientLabel } from './deferring.ts'
import { getOwn } from './merge.ts'
import { createOutput } from './output.ts'
import type { Deferral, Output } from './output.ts'
import { AnswerTooLargeError } from './too-large.ts'
import { isRecord } from './types.ts'
import type { Data, Path, Variables } from './types.ts'

/** A part of an answer that came later. */
export type Patch = {
  /** The client's label of it. */
  readonly label: string | undefined
  /** Where the object is that it is a part of. */
  readonly path: Path
  /** The data as JSON in UTF-8; null when an error took all of it. */
  readonly data: Buffer | null
  readonly errors: readonly GraphQLError[]
}

/** Parts that came at the same moment, and whether more will. The last may be none: of objects that do not have them. */
export type Patches = { readonly patches: readonly Patch[]; readonly hasNext: boolean }

export type DeliveryOptions = {
  readonly root: Data
  /** Those of all that runs, as they come. */
  readonly errors: GraphQLError[]
  readonly variables: Variables
  /** The labels that the plan has steps for. What it has none for was fetched with something else. */
  readonly planned: ReadonlySet<string>
  /** Whether an error is of the first answer. */
  readonly isOfFirst: (path: Path) => boolean
}

/** What comes after a first answer. */
export type Delivery = {
  /** The errors that belong to the first answer; all there are when nothing comes later. */
  readonly begin: (output: Output) => readonly GraphQLError[]
  readonly hasNext: () => boolean
  /** All that a part needs is there. */
  readonly ready: (label: string) => void
  /** The next parts, when there are any. To be asked only while there are more. */
  readonly next: () => Promise<Patches>
}

/** Writes parts when they are ready, and never before the object that they are of. */
export const createDelivery = ({ root, errors, variables, planned, isOfFirst }: DeliveryOptions): Delivery => {
  const ready = new Set<string>()
  const told = new Set<GraphQLError>()
  let waiting: readonly Deferral[] = []
  let valuesLeft = 0
  let wake: () => void = () => {}

  const isReady = ({ label }: Deferral): boolean => ready.has(label) || !planned.has(label)

  const take = (isMine: (path: Path) => boolean): readonly GraphQLError[] => {
    const mine = errors.filter((error) => !told.has(error) && isMine(error.path ?? []))
    for (const error of mine) told.add(error)
    return mine
  }

  /** Undefined where the object turned out to be something that does not have the part. */
  const write = ({ label, path, write: writePart, selects, belongsTo }: Deferral): Patch | undefined => {
    const object = objectAt(root, path)
    const isPart = object && belongsTo(object)
    if (isPart === false) return undefined
    const output = createOutput(errors, variables)
    output.valuesLeft = valuesLeft
    output.path.push(...path)
    output.depth = path.length
    const isWritten = isPart && writeWithin(() => writePart(object, output), output)
    const data = isWritten ? written(output) : null
    valuesLeft = output.valuesLeft
    if (data !== null) waiting = [...waiting, ...output.deferrals]
    const isMine = (at: Path): boolean => startsWith(at, path) && selects(at.slice(path.length))
    const mine = take(isMine)
    if (object && isPart === undefined && mine.length === 0) return undefined
    return { label: clientLabel(label), path, data, errors: mine }
  }

  /** An answer that is too large ends with an error in the place of what would have been too much. */
  const writeWithin = (writePart: () => boolean, output: Output): boolean => {
    const depth = output.depth
    try {
      return writePart()
    } catch (error) {
      if (!(error instanceof AnswerTooLargeError)) throw error
      errors.push(new GraphQLError(error.message, { path: output.path.slice(0, depth), originalError: error }))
      return false
    }
  }

  const writeReady = (): Patches => {
    const patches: Patch[] = []
    for (;;) {
      const now = waiting.filter(isReady)
      if (now.length === 0) break
      waiting = waiting.filter((deferral) => !isReady(deferral))
      for (const deferral of now) {
        const patch = write(deferral)
        if (patch) patches.push(patch)
      }
    }
    return { patches, hasNext: waiting.length > 0 }
  }

  const untilReady = async (): Promise<void> => {
    while (!waiting.some(isReady)) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }

  /** What went wrong where the client sees nothing is told with the last part all the same. */
  const withRest = (patches: readonly Patch[]): readonly Patch[] => {
    const rest = take(() => true)
    if (rest.length === 0) return patches
    const last = patches.at(-1) ?? { label: undefined, path: [], data: Buffer.from('{}'), errors: [] }
    return [...patches.slice(0, -1), { ...last, errors: [...last.errors, ...rest] }]
  }

  return {
    begin: (output) => {
      waiting = output.deferrals
      valuesLeft = output.valuesLeft
      return take(waiting.length > 0 ? isOfFirst : () => true)
    },
    hasNext: () => waiting.length > 0,
    ready: (label) => {
      ready.add(label)
      wake()
    },
    next: async () => {
      for (;;) {
        await untilReady()
        const { patches, hasNext } = writeReady()
        if (!hasNext) return { patches: withRest(patches), hasNext }
        if (patches.length > 0) return { patches, hasNext }
      }
    },
  }
}

/** Found anew by its path: objects that are equal may have become one meanwhile. */
const objectAt = (root: Data, path: Path): Data | undefined => {
  let value: unknown = root
  for (const key of path) {
    if (typeof key === 'number') value = Array.isArray(value) ? (value[key] as unknown) : undefined
    else value = isRecord(value) ? getOwn(value, key) : undefined
  }
  return isRecord(value) ? value : undefined
}

const startsWith = (path: Path, start: Path): boolean => start.every((key, index) => path[index] === key)
