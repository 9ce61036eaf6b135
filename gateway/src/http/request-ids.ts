import { GraphQLError } from 'graphql'

/** For which request an error was thrown. */
export type RequestIds = {
  readonly note: (error: unknown, requestId: string) => void
  /** The request of an error, or of the one that it wraps; empty where it is not known. */
  readonly of: (error: unknown) => string
}

/**
 * Apollo Server formats errors without telling for which request. Kept by error, because AsyncLocalStorage makes every
 * promise of the process cost more: a tenth of the time of a request.
 */
export const createRequestIds = (): RequestIds => {
  const ids = new WeakMap<object, string>()
  const of = (error: unknown): string => {
    if (typeof error !== 'object' || error === null) return ''
    return ids.get(error) ?? (error instanceof GraphQLError ? of(error.originalError) : '')
  }
  return {
    of,
    note: (error, requestId) => {
      if (typeof error === 'object' && error !== null) ids.set(error, requestId)
    },
  }
}
