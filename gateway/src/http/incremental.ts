import type { ApolloServerPlugin, GraphQLResponse } from '@apollo/server'
import { formatAnswer } from '../deferral.ts'
import type { ErrorFormatter } from '../errors.ts'
import { mapValues } from '../generators.ts'
import type { Values } from '../generators.ts'
import type { Call, Increment } from '../operation.ts'
import { DEFER_SPEC } from './accept.ts'
import type { ReadAccept } from './accept.ts'

/** Answers in parts through Apollo Server, which sends them but, over a gateway, does not ask for them. */
export type Incremental = {
  /** Whether a client takes parts. */
  readonly isAccepted: (accept: string | undefined) => boolean
  /** Keeps what is to follow the result of a call. */
  readonly follow: (call: Call, rest: Values<Increment>) => void
  readonly plugin: ApolloServerPlugin<Call>
}

export type IncrementalOptions = { readonly readAccept: ReadAccept; readonly formatError: ErrorFormatter }

export const createIncremental = ({ readAccept, formatError }: IncrementalOptions): Incremental => {
  const following = new WeakMap<Call, Values<Increment>>()

  return {
    isAccepted: (accept) => readAccept(accept).deferred === 'parts',
    follow: (call, rest) => void following.set(call, rest),
    plugin: {
      requestDidStart: async () => ({
        willSendResponse: async ({ request, response, contextValue }) => {
          const rest = following.get(contextValue)
          if (!rest || response.body.kind !== 'single') return
          const subsequentResults = mapValues(rest, (increment) =>
            formatAnswer(increment, (error) => formatError(error, contextValue.requestId)),
          )
          const { singleResult } = response.body
          response.body = {
            kind: 'incremental',
            initialResult: { ...singleResult, hasNext: true },
            subsequentResults,
          } as unknown as GraphQLResponse['body']
          // Clients that name no specification read the same; Apollo Server insists on the name.
          request.http?.headers.set('accept', `multipart/mixed; ${DEFER_SPEC.name}=${DEFER_SPEC.value}`)
        },
      }),
    },
  }
}
