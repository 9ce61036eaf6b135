import { join } from 'node:path'
import { GATEWAY_NODE_OPTIONS } from '@codai/gateway/node-options'
import { inheritedEnvironment, repositoryRoot } from '@codai/runtime'
import type { Config, Lifecycle, Logger } from '@codai/runtime'
import { startEmbeddedStores } from '@codai/stores/embedded'
import { registeredPorts } from '@codai/subgraphs/registry'
import { systemSecrets } from './secrets.ts'
import { supervise } from './supervise.ts'
import type { SupervisedProcess } from './supervise.ts'

/** The running system. */
export type Stack = {
  /** Where the gateway listens; undefined when the target has none. */
  gatewayUrl: string | undefined
  processes: readonly SupervisedProcess[]
}

export type StackOptions = {
  config: Config
  logger: Logger
  /** Everything that is started stops with it, last in, first out. */
  lifecycle: Lifecycle
  /** One process for each service, in place of one for all. */
  each: boolean
  /** Told of each step. */
  onProgress: (message: string) => void
}

const hostFile = join(repositoryRoot, 'subgraphs/_host/main.ts')
const gatewayFile = join(repositoryRoot, 'gateway/src/main.ts')

/** The services of each process. */
const processGroups = ({ target }: Config, each: boolean): string[][] => {
  if (target.includes('gateway')) return []
  const names = target.includes('all') ? Object.keys(registeredPorts) : [...target]
  return each ? names.map((name) => [name]) : [names]
}

/**
 * Starts the embedded stores that no URL replaces, then the services, then the gateway, each in processes of their own.
 * Services come before the gateway, so that whoever reaches the gateway finds everything there.
 */
export const startStack = async (options: StackOptions): Promise<Stack> => {
  const { config, logger, lifecycle, each, onProgress } = options
  const groups = processGroups(config, each)
  const withGateway = config.target.includes('all') || config.target.includes('gateway')

  const secrets = await systemSecrets(config)
  const env: Record<string, string | undefined> = {
    ...inheritedEnvironment(),
    ...secrets,
    DATA_DIR: config.dataDir,
    PORT_OFFSET: String(config.portOffset),
    GATEWAY_PORT: String(config.gatewayPort),
    SUPERGRAPH_FILE: config.supergraphFile,
    LOG_LEVEL: config.logLevel,
    LOG_PRETTY: String(config.logPretty),
    NODE_ENV: config.nodeEnv,
    SEED: String(config.seed),
  }
  if (groups.length > 0) {
    onProgress('starting the stores')
    const stores = await startEmbeddedStores({ config, logger, lifecycle })
    env['DATABASE_URL'] = stores.databaseUrl
    env['MONGODB_URL'] = stores.mongodbUrl
    env['EVM_RPC_URL'] = stores.evmRpcUrl
    onProgress(each ? `starting ${groups.length} services, each in a process of its own` : 'starting the services')
  }

  const services = await Promise.all(
    groups.map((group) => {
      const [name = '', ...others] = group
      const TARGET = group.join(',')
      return supervise({
        name: others.length > 0 ? 'services' : name,
        file: hostFile,
        env: { ...env, TARGET },
        logger,
        lifecycle,
      })
    }),
  )
  if (!withGateway) return { gatewayUrl: undefined, processes: services }

  onProgress('starting the gateway')
  const gateway = await supervise({
    name: 'gateway',
    file: gatewayFile,
    nodeOptions: GATEWAY_NODE_OPTIONS,
    env: { ...env, TARGET: 'gateway' },
    logger,
    lifecycle,
  })
  return { gatewayUrl: String(gateway.details['url']), processes: [...services, gateway] }
}
