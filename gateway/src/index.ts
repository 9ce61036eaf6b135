import { join } from 'node:path'
import compress from '@fastify/compress'
import cors from '@fastify/cors'
import { collectProcessMetrics, createHttpServer, createMetrics, repositoryRoot } from '@codai/runtime'
import type { Config, Lifecycle, Logger } from '@codai/runtime'
import { createAutomaticDocuments } from './automatic-documents.ts'
import { createCosts } from './cost/costs.ts'
import { createDocuments } from './documents.ts'
import { createEndpoint } from './endpoint.ts'
import { createEngineExecutor } from './execution/executor.ts'
import type { EngineExecutorOptions } from './execution/options.ts'
import { createErrorFormatter } from './errors.ts'
import type { Executor } from './executor.ts'
import { createGraphs } from './graph/graphs.ts'
import type { Graphs } from './graph/graphs.ts'
import { addSecurityHeaders } from './http/headers.ts'
import { resolveDocuments } from './http/resolve-documents.ts'
import { serveWeb } from './http/web.ts'
import { createCallers, createIdentify } from './identity.ts'
import { LIMIT_HEADERS } from './limit-headers.ts'
import { createGatewayMetrics } from './metrics.ts'
import { createOperations } from './operations.ts'
import { createOverride } from './overrides.ts'
import { createPeopleLimit } from './people-limit.ts'
import { PUBLIC_PATH, openPublicDoor } from './public/door.ts'
import { createReadmit } from './readmit.ts'
import { createRouting } from './routing.ts'
import type { Routing } from './routing.ts'
import { createAuthorize } from './security/authorize.ts'
import { createSocketServer } from './sockets/server.ts'
import { createSubgraphClient } from './subgraphs/client.ts'
import { createSubgraphHealth } from './subgraphs/health.ts'
import { createOpenUpstream } from './subgraphs/upstream.ts'

export type GatewayOptions = {
  readonly config: Config
  readonly logger: Logger
  readonly lifecycle: Lifecycle
  /** Where subgraphs are reached; by default as PORT_OFFSET and SUBGRAPH_HOST_TEMPLATE say. */
  readonly routing?: Routing
  /** The folder of the built web application. */
  readonly webFolder?: string
  /** How long a subgraph may take for one answer, in milliseconds. */
  readonly subgraphBudgetMs?: number
}

export type RunningGateway = { readonly url: string; readonly port: number; readonly stop: () => Promise<void> }

const PATH = '/graphql'
const EXPOSED_HEADERS = ['x-request-id', 'retry-after', ...LIMIT_HEADERS]
const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const
const SUBGRAPH_BUDGET_MS = 10_000

/** Starts the gateway. Port 0 takes a free one. Throws `ConfigError` when the supergraph or the port cannot be used. */
export const startGateway = async (options: GatewayOptions): Promise<RunningGateway> => {
  const { config, logger, lifecycle, subgraphBudgetMs = SUBGRAPH_BUDGET_MS } = options
  const { routing = createRouting(config), webFolder = join(repositoryRoot, 'web', 'dist') } = options
  const introspection = config.nodeEnv !== 'production'
  const landingPage = config.nodeEnv !== 'production'

  const processMetrics = createMetrics({ service: 'gateway' })
  collectProcessMetrics(processMetrics)
  const metrics = createGatewayMetrics(processMetrics)

  const graphs = await createGraphs({ file: config.supergraphFile, routing, logger })
  lifecycle.onStop('supergraph', graphs.stop)
  const client = createSubgraphClient({ logger, metrics, budgetMs: subgraphBudgetMs })
  lifecycle.onStop('subgraph connections', client.stop)
  const health = createSubgraphHealth(graphs, client.isCutOff)
  lifecycle.onStop('subgraph probes', health.stop)

  const identify = createIdentify(identityOptions(config))
  const authorize = createAuthorize()
  const readmit = createReadmit(authorize)
  const openUpstream = createOpenUpstream({ logger })
  const nobody = createCallers(config.identitySecret)({ kind: 'anonymous' })
  const executing = { graphs, client, openUpstream, readmit, nobody, metrics, logger }
  const executor = await createExecutor(config, executing, lifecycle)
  const limit =
    config.rateLimit > 0 ? createPeopleLimit({ costs: createCosts(), perSecond: config.rateLimit }) : undefined
  const override = createOverride(config.overrideLabels)
  const operations = createOperations({ executor, authorize, limit, metrics, override })
  const documents = createDocuments({ introspection })
  const formatError = createErrorFormatter({ logger, exposeCause: config.nodeEnv === 'development' })

  const http = await createHttpServer({
    name: 'gateway',
    host: config.host,
    port: config.gatewayPort,
    logger,
    metrics: processMetrics,
    lifecycle,
    bodyLimit: config.bodyLimitBytes,
    trustProxy: config.trustProxy,
    readinessDetails: async () => ({ subgraphs: await health.states() }),
  })
  const { app } = http
  await app.register(cors, {
    origin: [...config.corsOrigins],
    methods: [...METHODS],
    exposedHeaders: [...EXPOSED_HEADERS],
    maxAge: 86_400,
  })
  await app.register(compress, { encodings: ['br', 'gzip'], threshold: 1_024 })
  addSecurityHeaders(app, { landingPage, connectTo: [new URL(config.issuerUrl).origin] })

  const common = { authorize, override, formatError, metrics, logger, nodeEnv: config.nodeEnv }
  const automatic = createAutomaticDocuments()
  const endpoint = await createEndpoint({
    ...common,
    graphs,
    documents,
    identify,
    operations,
    introspection,
    showsPlans: introspection,
    landingPage,
    resolveDocument: async (payload) => automatic.resolve(payload),
  })
  lifecycle.onStop('endpoint', endpoint.stop)
  const preHandler = resolveDocuments(automatic.resolve)
  app.route({ method: [...METHODS], url: PATH, preHandler, handler: endpoint.handler })
  const createPublicExecutor = (contract: Graphs): Promise<Executor> =>
    createExecutor(config, { ...executing, graphs: contract }, lifecycle)
  const door = await openPublicDoor({ ...common, app, config, graphs, lifecycle, createExecutor: createPublicExecutor })
  app.get('/health/services', async () => health.states())
  await serveWeb(app, webFolder)

  const { url, port } = await http.listen()
  const paths = { [PATH]: endpoint.openSocket, ...(door && { [PUBLIC_PATH]: door.openSocket }) }
  const sockets = createSocketServer({
    paths,
    metrics,
    logger,
    server: http.server,
    addressOf: http.addressOf,
    maxPayload: config.bodyLimitBytes,
  })
  lifecycle.onStop('sockets', sockets.stop)
  lifecycle.onStop('event streams', async () => {
    await Promise.all([endpoint.endStreams(), door?.endStreams()])
  })
  return { url, port, stop: () => lifecycle.stop() }
}

const createExecutor = async (
  { engine }: Config,
  options: EngineExecutorOptions,
  lifecycle: Lifecycle,
): Promise<Executor> => {
  if (engine === 'reference') {
    // Loaded only then: it brings the planner into this thread, a hundred megabytes that nobody else needs here.
    const { createReferenceExecutor } = await import('./reference/executor.ts')
    return createReferenceExecutor(options)
  }
  const executor = createEngineExecutor(options)
  lifecycle.onStop('executor', executor.stop)
  return executor
}

/** Tokens are looked at where identities are: without a secret and a named key set, every caller is anonymous. */
const identityOptions = ({ identitySecret, jwksUrl, issuerUrl }: Config): Parameters<typeof createIdentify>[0] => ({
  secret: identitySecret,
  jwksUrl: jwksUrl ?? (identitySecret === undefined ? undefined : `${issuerUrl}/jwks.json`),
  issuer: issuerUrl,
})
