import { ApolloServer } from '@apollo/server'
import type { ApolloServerOptionsWithGateway, BaseContext } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import { codedError, errorStatus } from '@codai/runtime'
import type { CodedError, Logger } from '@codai/runtime'
import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify'
import { OperationTypeNode } from 'graphql'
import { deferRules } from '../defer-rules.ts'
import type { Deferrals } from '../deferral.ts'
import { operationKey, unresolvedOperation } from '../documents.ts'
import type { Documents } from '../documents.ts'
import type { ErrorFormatter } from '../errors.ts'
import type { Graphs } from '../graph/graphs.ts'
import { LIMITS } from '../limits.ts'
import type { Call, Result } from '../operation.ts'
import type { Operations } from '../operations.ts'
import { stringifyResult } from '../written.ts'
import { planFormatOf } from '../query-plans.ts'
import type { ReadAccept } from './accept.ts'
import type { ReadCall } from './calls.ts'
import { checkedDocuments } from './checked-documents.ts'
import { createDirect } from './direct.ts'
import { createIncremental } from './incremental.ts'
import type { Incremental } from './incremental.ts'
import { jsonStatus } from './json-status.ts'
import { sandboxLandingPage } from './landing.ts'
import { createRequestIds } from './request-ids.ts'
import type { RequestIds } from './request-ids.ts'

export type ApolloOptions = {
  readonly graphs: Graphs
  readonly documents: Documents
  readonly readAccept: ReadAccept
  readonly readCall: ReadCall
  readonly operations: Operations
  readonly deferrals: Deferrals
  readonly formatError: ErrorFormatter
  readonly logger: Logger
  readonly nodeEnv: string
  readonly introspection: boolean
  /** Whether who asks for it is shown the plan of an operation, which names all services and fields that take part. */
  readonly showsPlans: boolean
  /** Whether a browser that opens the endpoint is shown Apollo Sandbox. */
  readonly landingPage: boolean
}

export type ApolloHandler = { readonly handler: RouteHandlerMethod; readonly stop: () => Promise<void> }

/** Who asks, and the result where it is known already. */
type Context = Call & { readonly result?: Promise<Result> | undefined }

type Gateway = NonNullable<ApolloServerOptionsWithGateway<BaseContext>['gateway']>

/** Apollo Server for the contract over HTTP; what runs operations is the gateway's own. */
export const createApolloHandler = async (options: ApolloOptions): Promise<ApolloHandler> => {
  const { readAccept, readCall, formatError, logger, nodeEnv, introspection } = options
  const { showsPlans, landingPage } = options
  const requestIds = createRequestIds()
  const incremental = createIncremental({ readAccept, formatError })

  const apollo = new ApolloServer<Context>({
    gateway: createGateway(options, incremental, requestIds),
    logger,
    nodeEnv,
    introspection,
    // Refused by our own rules, which all transports share.
    csrfPrevention: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    // It would write each document out as JSON, to know how large it is.
    documentStore: null,
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    validationRules: [...deferRules],
    parseOptions: { maxTokens: LIMITS.tokens },
    formatError: (formatted, error) => formatError(error, requestIds.of(error), formatted),
    stringifyResult,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      jsonStatus(),
      incremental.plugin,
      checkedDocuments(options),
      landingPage ? sandboxLandingPage() : ApolloServerPluginLandingPageDisabled(),
    ],
  })
  await apollo.start()

  const readOwnCall: ReadCall = async (request, reply) => {
    const call = await readCall(request, reply)
    return showsPlans ? { ...call, planFormat: planFormatOf(request.headers) } : call
  }
  const direct = createDirect({ ...options, readCall: readOwnCall })

  const handle = fastifyApolloHandler(apollo, {
    context: async (request: FastifyRequest, reply: FastifyReply): Promise<Context> => {
      try {
        const { call = readOwnCall(request, reply), result } = direct.begunOf(request) ?? {}
        return { ...(await call), result }
      } catch (error) {
        requestIds.note(error, request.id)
        throw error
      }
    },
  })

  return {
    async handler(request, reply) {
      return (await direct.answer(request, reply)) ?? Reflect.apply(handle, this, [request, reply])
    },
    stop: () => apollo.stop(),
  }
}

/** Gives Apollo Server the schema of every graph, and runs what it has validated on the graph that it was validated against. */
const createGateway = (
  { graphs, operations, deferrals }: ApolloOptions,
  incremental: Incremental,
  requestIds: RequestIds,
): Gateway => {
  const listeners = new Set<Parameters<Gateway['onSchemaLoadOrUpdate']>[0]>()
  const announce = ({ schema, sdl } = graphs.current()): void => {
    for (const listener of listeners) listener({ apiSchema: schema, coreSupergraphSdl: sdl })
  }
  let stopFollowing = (): void => {}

  return {
    onSchemaLoadOrUpdate: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    load: async () => {
      announce()
      stopFollowing = graphs.onChange(announce)
      // Apollo Server's types promise an operation that it does not always find.
      const executor = async (
        context: Omit<GatewayContext, 'operation'> & Partial<GatewayContext>,
      ): Promise<Result> => {
        const { schema, document, operation: node, queryHash, request } = context
        if (!node) return { errors: [unresolvedOperation(request.operationName)] }
        if (node.operation === OperationTypeNode.SUBSCRIPTION) return { errors: [subscriptionOverHttp()] }
        const { operationName, variables = {} } = request
        const key = operationKey(queryHash, operationName)
        const operation = { graph: graphs.of(schema), document, node, operationName, variables, key }
        const call = context.context as Context
        try {
          const inParts =
            !call.result &&
            deferrals.mayDefer(document) &&
            incremental.isAccepted(request.http?.headers.get('accept') ?? undefined)
          const { first: result, rest } = inParts
            ? await operations.deliver(operation, call)
            : { first: await (call.result ?? operations.run(operation, call)), rest: undefined }
          if (rest) incremental.follow(call, rest)
          for (const error of result.errors ?? []) requestIds.note(error, call.requestId)
          return result
        } catch (error) {
          requestIds.note(error, call.requestId)
          throw error
        }
      }
      return { executor: executor as GatewayExecutor }
    },
    stop: async () => stopFollowing(),
  }
}

type GatewayExecutor = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>
type GatewayContext = Parameters<GatewayExecutor>[0]

const subscriptionOverHttp = (): CodedError =>
  codedError(
    'BAD_REQUEST',
    'Subscriptions travel as text/event-stream or multipart/mixed (accept one of them), or over a WebSocket.',
    {
      http: { status: errorStatus('BAD_REQUEST') },
    },
  )
