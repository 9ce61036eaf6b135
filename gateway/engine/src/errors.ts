import { GraphQLError } from 'graphql'
import type { GraphQLFormattedError } from 'graphql'
import type { FetchStep } from './compile.ts'
import type { Targets } from './asking.ts'
import type { Run } from './execute.ts'
import { getOwn } from './merge.ts'
import { selectedPart } from './selection.ts'
import type { Answer, Path } from './types.ts'

/** What a subgraph's error without a code gets: a code that no client is shown. */
const UNKNOWN_CODE = 'DOWNSTREAM_SERVICE_ERROR'

/**
 * The errors of a fetch that brought nothing. In: the fetch, what it was about, and why it failed. Out: one error at every
 * field that is lost, at the client's own path.
 */
export const lostErrors = (
  step: FetchStep,
  run: Run,
  targets: Targets,
  cause: GraphQLError,
): readonly GraphQLError[] => {
  const paths = step.place.paths(run.root)
  return [...targets.values()].flat().flatMap((object) => {
    const typename = step.represent ? object['__typename'] : undefined
    const keys = step
      .lostKeys(typeof typename === 'string' ? typename : undefined, run.selection())
      .filter((key) => !isBrought(getOwn(object, key)))
    const at = (paths.get(object) ?? [[]]).flatMap((path) =>
      keys.length > 0 ? keys.map((key) => [...path, key]) : [path],
    )
    return at.map((path) => withPath(cause, path))
  })
}

/** Tells whether another fetch has brought a value whole. */
const isBrought = (value: unknown): boolean => value !== undefined && typeof value !== 'object'

/** The errors that a subgraph answered. In: the fetch, what it was about, the answer. Out: the same at the client's own paths. */
export const answerErrors = (step: FetchStep, run: Run, targets: Targets, answer: Answer): readonly GraphQLError[] => {
  const { data, errors = [] } = answer
  let paths: ReadonlyMap<object, readonly Path[]> | undefined

  /** Where the object is that an error of the subgraph is about, and the rest of the error's path. */
  const placesOf = (path: Path): readonly Path[] => {
    paths ??= step.place.paths(run.root)
    const index = step.represent ? path[1] : 0
    const objects = typeof index === 'number' ? (targets.get(index) ?? []) : []
    const rest = (step.represent ? path.slice(2) : path).map((key) =>
      typeof key === 'string' ? step.clientKey(key) : key,
    )
    return objects
      .flatMap((object) => paths?.get(object) ?? [])
      .map((place) => selectedPart(run.selection(), [...place, ...rest]))
  }

  return errors.flatMap((error) => {
    const received = fromSubgraph(error, step.service)
    const { path } = error
    // Another step asked for the entity in the same request: it is told there.
    if (step.represent && typeof path?.[1] === 'number' && !targets.has(path[1])) return []
    if (path && (!step.represent || typeof path[1] === 'number')) {
      const places = placesOf(path)
      return places.length > 0 ? places.map((place) => withPath(received, place)) : [received]
    }
    // It is about all that was asked: the client is told where that is missing.
    const isLost = !data || (step.represent && !data['_entities'])
    return isLost ? lostErrors(step, run, targets, received) : [received]
  })
}

const fromSubgraph = ({ message, extensions }: GraphQLFormattedError, service: string): GraphQLError => {
  // `http` would become the status and the headers of the whole answer, about which a subgraph may not decide.
  const { http: _http, ...given } = extensions ?? {}
  return new GraphQLError(message || `${service} answered with an error`, {
    extensions: { code: UNKNOWN_CODE, ...given, service },
  })
}

/** The same error elsewhere. */
export const withPath = (error: GraphQLError, path: Path): GraphQLError =>
  new GraphQLError(error.message, {
    path,
    extensions: error.extensions,
    originalError: error.originalError ?? null,
  })
