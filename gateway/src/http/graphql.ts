import type { FastifyRequest, RouteHandlerMethod } from 'fastify'
import { OperationTypeNode } from 'graphql'
import type { Deferrals } from '../deferral.ts'
import type { Documents } from '../documents.ts'
import type { Graphs } from '../graph/graphs.ts'
import type { Operation } from '../operation.ts'
import type { ReadAccept } from './accept.ts'
import type { ApolloHandler } from './apollo.ts'
import { readAsked } from './asked.ts'
import { reservationToken } from './events.ts'
import type { Events } from './events.ts'
import type { SendParts } from './parts.ts'

export type GraphqlRouteOptions = {
  readonly graphs: Graphs
  readonly documents: Documents
  readonly deferrals: Deferrals
  readonly readAccept: ReadAccept
  readonly apollo: ApolloHandler
  readonly events: Events
  readonly sendParts: SendParts
}

/**
 * Chooses how an operation is answered over HTTP: as one body, which is Apollo Server's to do, also where a request has
 * anything wrong; or as a stream, to a client that accepts one for what has several answers.
 */
export const createGraphqlRoute = (options: GraphqlRouteOptions): RouteHandlerMethod => {
  const { graphs, documents, deferrals, readAccept, apollo, events, sendParts } = options

  /** What a request asks for, where nothing is wrong with it. */
  const operationOf = (request: FastifyRequest): Operation | undefined => {
    const asked = readAsked(request)
    if (!asked || documents.refusal(asked.query)) return undefined
    const operation = documents.prepare(graphs.current(), asked)
    return 'node' in operation ? operation : undefined
  }

  return async function (request, reply): Promise<unknown> {
    const { onlyEvents, subscription, deferred } = readAccept(request.headers.accept)
    if (onlyEvents) return events.handle(request, reply, true)
    if (request.method === 'PUT' || request.method === 'DELETE' || reservationToken(request) !== undefined) {
      return events.handle(request, reply, false)
    }
    const operation = subscription || deferred ? operationOf(request) : undefined
    if (operation?.node.operation === OperationTypeNode.SUBSCRIPTION) {
      if (subscription === 'events') return events.handle(request, reply, true)
      if (subscription === 'parts') return sendParts(request, reply, operation)
    } else if (operation && deferred === 'events' && deferrals.mayDefer(operation.document)) {
      return events.handle(request, reply, true)
    }
    return Reflect.apply(apollo.handler, this, [request, reply])
  }
}
