import type { Config, Lifecycle, Logger } from '@codai/runtime'
import { createLocalBuckets, openTokenBuckets } from '@codai/stores/limits'
import type { FastifyInstance } from 'fastify'
import { createCosts } from '../cost/costs.ts'
import { createDocuments } from '../documents.ts'
import { createEndpoint } from '../endpoint.ts'
import type { Endpoint } from '../endpoint.ts'
import type { ErrorFormatter } from '../errors.ts'
import type { Executor } from '../executor.ts'
import type { Graphs } from '../graph/graphs.ts'
import { resolveDocuments } from '../http/resolve-documents.ts'
import { createCallers } from '../identity.ts'
import type { Identify } from '../identity.ts'
import type { GatewayMetrics } from '../metrics.ts'
import { createOperations } from '../operations.ts'
import type { Override } from '../overrides.ts'
import type { Authorize } from '../security/authorize.ts'
import { createAccesses } from './access.ts'
import type { Accesses } from './access.ts'
import { createAdmission } from './admission.ts'
import { createContractGraphs } from './contract-graphs.ts'
import { createPublicDocuments } from './documents.ts'
import { KEY_SERVICE, createKeyService } from './key-service.ts'
import { createPublicOperations } from './operations.ts'
import { meter, refuseWrongKeys, resolveForKey } from './requests.ts'
import { createUsage } from './usage.ts'

export type DoorOptions = {
  readonly app: FastifyInstance
  readonly config: Config
  readonly graphs: Graphs
  readonly lifecycle: Lifecycle
  readonly logger: Logger
  readonly metrics: GatewayMetrics
  readonly formatError: ErrorFormatter
  readonly authorize: Authorize
  readonly override: Override
  /** Makes what runs operations over the contract. */
  readonly createExecutor: (contract: Graphs) => Promise<Executor>
}

/** Where third parties find the graph. */
export const PUBLIC_PATH = '/public/graphql'

/**
 * Opens the door for third parties: the public contract, for whoever has a key. It stays shut, and undefined, where nothing of the
 * graph is public, or where nobody knows keys.
 */
export const openPublicDoor = async (options: DoorOptions): Promise<Endpoint | undefined> => {
  const { app, config, graphs, lifecycle, logger, metrics, formatError, authorize, override } = options
  const { identitySecret: secret, redisUrl, nodeEnv } = config
  const urlOfKeys = (): string | undefined => graphs.current().subgraphs.get(KEY_SERVICE)?.url
  const contract = createContractGraphs(graphs, logger)
  if (!contract || secret === undefined || urlOfKeys() === undefined) return undefined

  const service = createKeyService({ url: urlOfKeys, secret })
  const usage = createUsage({ record: service.record, logger })
  lifecycle.onStop('use of keys', usage.stop)
  const buckets = openTokenBuckets({ redisUrl, name: 'keys', logger })
  lifecycle.onStop('limits of keys', () => buckets.close())
  const visitors = createLocalBuckets()
  const accesses = createAccesses({ service, tries: createLocalBuckets(), logger })
  const publicDocuments = createPublicDocuments({ service, logger })

  const executor = await options.createExecutor(contract)
  const admission = createAdmission({ documents: publicDocuments, costs: createCosts(), buckets, usage })
  const operations = createPublicOperations({
    operations: createOperations({ executor, authorize, override, metrics }),
    admission,
    visitors,
  })
  const endpoint = await createEndpoint({
    graphs: contract,
    documents: createDocuments({ introspection: true }),
    identify: createPublicIdentify(accesses, secret),
    operations,
    formatError,
    metrics,
    logger,
    nodeEnv,
    introspection: true,
    showsPlans: false,
    landingPage: false,
    meter,
    resolveDocument: async (payload, { access }) =>
      access ? publicDocuments.resolve(payload, await access.grant()) : payload,
  })
  lifecycle.onStop('public endpoint', endpoint.stop)
  app.route({
    method: ['GET', 'POST', 'PUT', 'DELETE'],
    url: PUBLIC_PATH,
    preHandler: [refuseWrongKeys(accesses), resolveDocuments(resolveForKey({ accesses, documents: publicDocuments }))],
    handler: endpoint.handler,
  })
  return endpoint
}

/** A key says which program asks; for the services of the graph, it is nobody. All programs share what is asked for in its name. */
const createPublicIdentify = (accesses: Accesses, secret: string): Identify => {
  const createCaller = createCallers(secret)
  const nobody = createCaller({ kind: 'anonymous' })

  return async ({ apiKey, authorization, address }) => {
    const access = await accesses.read({ apiKey, authorization, address })
    return access ? { ...nobody, access } : createCaller({ kind: 'anonymous', address })
  }
}
