import type { FastifyRequest, RouteHandlerMethod } from 'fastify'
import { OperationTypeNode } from 'graphql'
import { z } from 'zod'
import type { Deferrals } from '../deferral.ts'
import type { Documents } from '../documents.ts'
import type { Graphs } from '../graph/graphs.ts'
import type { Operation } from '../operation.ts'
import { acceptedStream, acceptsOnlyEvents, acceptsStreams, readAccept } from './accept.ts'
import type { ApolloHandler } from './apollo.ts'
import { reservationToken } from './events.ts'
import type { Events } from './events.ts'
import type { SendParts } from './parts.ts'

export type GraphqlRouteOptions = {
  readonly graphs: Graphs
  readonly documents: Documents
  readonly deferrals: Deferrals
  readonly apollo: ApolloHandler
  readonly events: Events
  readonly sendParts: SendParts
}

const requestSchema = z.object({
  query: z.string(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
})

/**
 * Chooses how an operation is answered over HTTP: as one body, which is Apollo Server's to do, also where a request has
 * anything wrong; or as a stream, to a client that accepts one for what has several answers.
 */
export const createGraphqlRoute = (options: GraphqlRouteOptions): RouteHandlerMethod => {
  const { graphs, documents, deferrals, apollo, events, sendParts } = options

  /** What a request asks for, where nothing is wrong with it. */
  const operationOf = (request: FastifyRequest): Operation | undefined => {
    const { data } = requestSchema.safeParse(request.method === 'GET' ? fromQuery(request.query) : request.body)
    if (!data || documents.refusal(data.query)) return undefined
    const operation = documents.prepare(graphs.current(), data)
    return 'node' in operation ? operation : undefined
  }

  return async function (request, reply): Promise<unknown> {
    const accepted = readAccept(request.headers.accept)
    const toApollo = (): unknown => Reflect.apply(apollo.handler, this, [request, reply])
    if (acceptsOnlyEvents(accepted)) return events.handle(request, reply, true)
    if (request.method === 'PUT' || request.method === 'DELETE' || reservationToken(request) !== undefined) {
      return events.handle(request, reply, false)
    }
    const operation = acceptsStreams(accepted) ? operationOf(request) : undefined
    if (!operation) return toApollo()
    const isSubscription = operation.node.operation === OperationTypeNode.SUBSCRIPTION
    if (!isSubscription && !deferrals.mayDefer(operation.document)) return toApollo()
    const stream = acceptedStream(accepted, isSubscription ? 'subscription' : 'deferred')
    if (stream === 'events') return events.handle(request, reply, true)
    return stream === 'parts' && isSubscription ? sendParts(request, reply, operation) : toApollo()
  }
}

const fromQuery = (query: unknown): unknown => {
  const given = query as Readonly<Record<string, unknown>>
  return { ...given, variables: parseJson(given['variables']) }
}

const parseJson = (text: unknown): unknown => {
  if (typeof text !== 'string') return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
