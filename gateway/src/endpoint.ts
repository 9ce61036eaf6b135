import type { Logger } from '@codai/runtime'
import type { RouteHandlerMethod } from 'fastify'
import { createAnswer } from './answers.ts'
import { createDeferrals } from './deferral.ts'
import type { Documents } from './documents.ts'
import type { ErrorFormatter } from './errors.ts'
import type { Graphs } from './graph/graphs.ts'
import { createReadAccept } from './http/accept.ts'
import { createApolloHandler } from './http/apollo.ts'
import { createReadCall } from './http/calls.ts'
import type { Meter } from './http/calls.ts'
import { createEvents } from './http/events.ts'
import { createGraphqlRoute } from './http/graphql.ts'
import { createOpenStreams } from './http/open-streams.ts'
import { createSendParts } from './http/parts.ts'
import type { Identify } from './identity.ts'
import type { GatewayMetrics } from './metrics.ts'
import type { Operations } from './operations.ts'
import { createGraphqlSockets } from './sockets/graphql.ts'
import type { OpenSocket, ResolveDocument } from './sockets/graphql.ts'

export type EndpointOptions = {
  readonly graphs: Graphs
  readonly documents: Documents
  readonly identify: Identify
  readonly operations: Operations
  readonly formatError: ErrorFormatter
  readonly metrics: GatewayMetrics
  readonly logger: Logger
  readonly nodeEnv: string
  readonly introspection: boolean
  /** Whether who asks for it is shown the plan of an operation. */
  readonly showsPlans: boolean
  /** Whether a browser that opens it is shown Apollo Sandbox. */
  readonly landingPage: boolean
  /** Where it is told what a request over HTTP cost, if anywhere. */
  readonly meter?: Meter | undefined
  /** Writes out the document of an operation on a socket that names it by its hash, if that may be. */
  readonly resolveDocument?: ResolveDocument | undefined
}

/** One variant of the graph, over every transport. */
export type Endpoint = {
  /** Answers GET, POST, PUT and DELETE. */
  readonly handler: RouteHandlerMethod
  /** Takes a WebSocket over. */
  readonly openSocket: OpenSocket
  /** Ends the answers that stay open, for which stopping would wait. */
  readonly endStreams: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** Serves one variant of the graph. */
export const createEndpoint = async (options: EndpointOptions): Promise<Endpoint> => {
  const { graphs, documents, identify, operations, metrics, meter } = options
  const readCall = createReadCall({ graphs, documents, identify, meter })
  const readAccept = createReadAccept()
  const deferrals = createDeferrals()
  const answer = createAnswer({ operations, metrics })
  const apollo = await createApolloHandler({ ...options, deferrals, readAccept, readCall })
  const streams = createOpenStreams()
  const events = createEvents({ ...options, readCall, answer, streams })
  const sendParts = createSendParts({ ...options, readCall, answer, streams })

  return {
    handler: createGraphqlRoute({ graphs, documents, deferrals, readAccept, apollo, events, sendParts }),
    openSocket: createGraphqlSockets({ ...options, answer }),
    endStreams: async () => {
      events.stop()
      await streams.stop()
    },
    stop: apollo.stop,
  }
}
