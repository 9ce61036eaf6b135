import { filter, merge, makeSubject, pipe, tap } from 'wonka'
import { makeOperation } from '@urql/core'
import type { Exchange, Operation } from '@urql/core'

/** Asks the graph again for every query that is shown now. */
export type Refetch = () => void

/**
 * Knows the queries that are shown, so that all of them can be asked for again, for example after a time without live
 * updates. It stands before the cache.
 */
export const refetchExchange = (): { readonly exchange: Exchange; readonly refetch: Refetch } => {
  const active = new Map<number, Operation>()
  const again = makeSubject<Operation>()
  return {
    refetch() {
      for (const operation of active.values()) {
        again.next(makeOperation('query', operation, { ...operation.context, requestPolicy: 'network-only' }))
      }
    },
    exchange:
      ({ forward }) =>
      (operations) =>
        forward(
          merge([
            pipe(
              operations,
              tap((operation) => {
                if (operation.kind === 'query') active.set(operation.key, operation)
                if (operation.kind === 'teardown') active.delete(operation.key)
              }),
            ),
            pipe(
              again.source,
              filter((operation) => active.has(operation.key)),
            ),
          ]),
        ),
  }
}
