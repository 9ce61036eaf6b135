import { ApolloServer } from '@apollo/server'
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled'
import type { ExecutionArgs, FormattedExecutionResult, GraphQLFormattedError } from 'graphql'
import fastifyApollo from '@as-integrations/fastify'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import {
  IDENTITY_HEADER,
  codedError,
  createHttpServer,
  createIdentityVerifier,
  formatError,
  inTrace,
  requireConfig,
  traced,
} from '@codai/runtime'
import type { Identity, Logger } from '@codai/runtime'
import type { Platform } from './platform.ts'
import { subscribeAfresh } from './live.ts'
import { executableSchema } from './schema.ts'
import type { RequestContext, Subgraph } from './subgraph.ts'

/** With the trace that a message on a socket told of. */
type Context = RequestContext<unknown, unknown> & { readonly traceparent?: string | undefined }

/** Whether the caller is an application that was let in through OAuth: only their tokens have scopes. */
const isApplication = (identity: Identity): boolean => identity.kind === 'user' && identity.scopes.length > 0

/** A service that listens. */
export type RunningSubgraph = { url: string; port: number }

const firstOf = (header: unknown): string | undefined => {
  const value: unknown = Array.isArray(header) ? header[0] : header
  return typeof value === 'string' ? value : undefined
}

/**
 * Serves an opened subgraph on its port: GraphQL over HTTP and over graphql-transport-ws at `/graphql`, with health and
 * metrics beside it. Requests without a signed identity are refused: a subgraph is not for the outside.
 */
export const serveSubgraph = async (
  subgraph: Subgraph,
  service: unknown,
  platform: Platform,
): Promise<RunningSubgraph> => {
  const { config, logger, metrics, lifecycle } = platform
  const schema = executableSchema(subgraph.sdl, subgraph.resolvers, ({ identity, requestId }) =>
    subgraph.loaders(service, { identity, requestId }),
  )
  const verifier = createIdentityVerifier({ secret: requireConfig(config, 'identitySecret') })
  const exposeCause = config.nodeEnv === 'development'

  const http = await createHttpServer({
    name: subgraph.name,
    host: config.host,
    // Port 0 stays 0: a free port wherever the caller wants one.
    port: subgraph.port === 0 ? 0 : subgraph.port + config.portOffset,
    logger,
    metrics,
    lifecycle,
    bodyLimit: config.bodyLimitBytes,
  })

  const identify = async (token: string | undefined): Promise<Identity> => {
    if (token === undefined) {
      throw codedError('UNAUTHENTICATED', `${subgraph.title} answers only requests that come through the gateway.`)
    }
    const identity = await verifier.verify(token)
    return subgraph.forApplications || !isApplication(identity) ? identity : { kind: 'anonymous' }
  }

  const contextFor = (identity: Identity, requestId: string, requestLogger: Logger): Context => ({
    identity,
    requestId,
    logger: requestLogger,
    service,
    loaders: subgraph.loaders(service, { identity, requestId }),
  })

  const masked = (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError =>
    formatError({ formatted, error, logger, exposeCause })
  const started = metrics.counter('subscriptions_started_total', 'Subscriptions that were begun')

  const apollo = new ApolloServer<Context>({
    schema,
    introspection: true,
    // Only gateway and services come here, and they send JSON with a signed header: nothing a browser could forge.
    csrfPrevention: false,
    allowBatchedHttpRequests: false,
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    plugins: [ApolloServerPluginInlineTraceDisabled()],
    formatError: masked,
  })
  await apollo.start()
  await http.app.register(fastifyApollo(apollo), {
    context: async (request) =>
      contextFor(
        await identify(firstOf(request.headers[IDENTITY_HEADER])),
        request.id,
        logger.child({ requestId: request.id }),
      ),
  })

  const sockets = new WebSocketServer({ server: http.server, path: '/graphql', maxPayload: config.bodyLimitBytes })
  const liveServer = useServer<Record<string, unknown>, { identity?: Identity }>(
    {
      schema,
      // Once for each socket: the signed identity lives for a minute, and the socket for as long as its caller's token.
      onConnect: async ({ connectionParams, extra }) => {
        const token = firstOf(extra.request.headers[IDENTITY_HEADER]) ?? firstOf(connectionParams?.['identity'])
        const identity = await identify(token).catch(() => undefined)
        if (identity === undefined) return false
        extra.identity = identity
        return true
      },
      context: ({ extra }, _id, { extensions }) => {
        const { identity = { kind: 'anonymous' } } = extra
        // Many requests of the gateway share a socket, whose headers are those of the first.
        const requestId =
          firstOf(extensions?.['requestId']) ?? firstOf(extra.request.headers['x-request-id']) ?? platform.newId()
        const traceparent = firstOf(extensions?.['traceparent'])
        return { ...contextFor(identity, requestId, logger.child({ requestId })), traceparent }
      },
      subscribe: (args: ExecutionArgs) => {
        const { identity, requestId, traceparent, logger: requestLogger } = args.contextValue as Context
        const subscribe = () => subscribeAfresh(args, () => contextFor(identity, requestId, requestLogger))
        return inTrace(traceparent, () => traced('graphql.subscribe', {}, subscribe))
      },
      onOperation: (_context, _id, _payload, _args, result) => {
        if (Symbol.asyncIterator in result) started.inc()
      },
      onError: (_context, _id, _payload, errors) => errors.map((error) => masked(error.toJSON(), error)),
      onNext: (_context, _id, _payload, _args, result) => {
        if (result.errors === undefined) return undefined
        return {
          ...result,
          errors: result.errors.map((error) => masked(error.toJSON(), error)),
        } as FormattedExecutionResult
      },
    },
    sockets,
  )

  subgraph.routes?.(http.app, service, platform)
  const address = await http.listen()
  lifecycle.onStop(`${subgraph.name} server`, async () => {
    await liveServer.dispose()
    await apollo.stop()
    await http.close()
  })
  logger.info({ port: address.port }, 'listening')
  return address
}
