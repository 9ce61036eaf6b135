import { createGraphiQLFetcher } from '@graphiql/toolkit'
import type { Fetcher } from '@graphiql/toolkit'
import { Kind, OperationTypeNode } from 'graphql'
import type { Live } from '../client/live.ts'
import type { Session } from '../client/session.ts'
import { ownOperation } from './own-operation.ts'

type EventSink = Parameters<Live['subscribe']>[1]

/**
 * Runs what is written in the explorer as the person who is signed in on the page; an Authorization header that is typed
 * there goes before. Subscriptions use the application's own live connection, which finds its way back when it is lost.
 */
export const createFetcher = (session: Session, live: Live): Fetcher => {
  const authorized: typeof fetch = async (input, init) => {
    const headers = new Headers(init?.headers)
    const token = headers.has('authorization') ? null : await session.accessToken()
    if (token !== null) headers.set('authorization', `Bearer ${token}`)
    return fetch(input, { ...init, headers })
  }
  const overHttp = createGraphiQLFetcher({ url: '/graphql', fetch: authorized })

  return ownOperation((params, options) => {
    const operations = options?.documentAST?.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION) ?? []
    const chosen = operations.find((node) => node.name?.value === params.operationName) ?? operations[0]
    if (chosen?.operation !== OperationTypeNode.SUBSCRIPTION) return overHttp(params, options)
    const events = {
      subscribe: (sink: EventSink) => ({
        unsubscribe: live.subscribe(
          {
            query: params.query,
            operationName: params.operationName ?? null,
            variables: (params.variables ?? null) as Record<string, unknown> | null,
          },
          sink,
        ),
      }),
    }
    // GraphiQL's type of an observable wants every old form of `subscribe`; it calls this one only.
    return events as unknown as ReturnType<Fetcher>
  })
}
