import { Client, fetchExchange, subscriptionExchange } from '@urql/core'
import { authExchange } from '@urql/exchange-auth'
import { retryExchange } from '@urql/exchange-retry'
import { graphCache } from './cache/index.ts'
import { codesOf } from './errors.ts'
import { liveUrl, openLive } from './live.ts'
import type { Live } from './live.ts'
import { refetchExchange } from './refetch.ts'
import type { Session } from './session.ts'

/** What the application asks the graph with. One for each person: nothing of one is ever shown to another. */
export type GraphClient = {
  readonly client: Client
  readonly live: Live
  /** Ends the live connection. */
  readonly close: () => void
}

/** Makes a client for whoever is signed in now. */
export const createGraphClient = (session: Session): GraphClient => {
  const live = openLive(session, liveUrl())
  const { exchange: refetching, refetch } = refetchExchange()
  let sent: string | undefined

  const client = new Client({
    url: '/graphql',
    preferGetMethod: false,
    requestPolicy: 'cache-first',
    exchanges: [
      refetching,
      graphCache(),
      retryExchange({
        initialDelayMs: 500,
        maxDelayMs: 3_000,
        maxNumberAttempts: 3,
        // A mutation may have been done although its answer was lost: only the person decides to send it again.
        retryIf: (error, operation) => operation.kind === 'query' && error.networkError !== undefined,
      }),
      authExchange(async (utilities) => ({
        addAuthToOperation: (operation) => {
          sent = session.signedIn.get()?.accessToken
          return sent === undefined
            ? operation
            : utilities.appendHeaders(operation, { authorization: `Bearer ${sent}` })
        },
        willAuthError: () => !session.isFresh(),
        didAuthError: (error) =>
          session.signedIn.get() !== null &&
          codesOf(error).some((code) => code === 'TOKEN_EXPIRED' || code === 'UNAUTHENTICATED'),
        refreshAuth: async () => {
          // Without network the operation goes on with the old token, and fails for the reason that counts.
          await session.accessToken(sent).catch(() => null)
        },
      })),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables, operationName, extensions }) => ({
          subscribe: (sink) => ({
            unsubscribe: live.subscribe(
              {
                query,
                variables: variables as Record<string, unknown>,
                operationName: operationName ?? null,
                extensions: extensions ?? null,
              },
              {
                next: (result) => sink.next(result as Parameters<typeof sink.next>[0]),
                error: (error) => sink.error(error),
                complete: () => sink.complete(),
              },
            ),
          }),
        }),
      }),
    ],
  })

  const stopRefetching = live.onResumed(refetch)
  return {
    client,
    live,
    close() {
      stopRefetching()
      live.close()
    },
  }
}
