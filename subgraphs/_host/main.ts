import { join } from 'node:path'
import {
  announceReady,
  collectProcessMetrics,
  createLifecycle,
  createLogger,
  createMetrics,
  exitWithParent,
  readConfig,
  repositoryRoot,
  startTracing,
  stopOnSignals,
} from '@codai/runtime'
import { startHost } from './host.ts'
import { loadSubgraphs, registeredPorts } from './targets.ts'

const config = readConfig()
const name = config.target.join(',')
const logger = createLogger({ name: 'subgraphs', level: config.logLevel, pretty: config.logPretty })
const lifecycle = createLifecycle({ logger })
const exit = (code: number): never => process.exit(code)
stopOnSignals(lifecycle, { exit })
exitWithParent(() => lifecycle.stop())

try {
  lifecycle.onStop('tracing', await startTracing({ endpoint: config.otelExporterOtlpEndpoint, service: name, logger }))
  const subgraphs = await loadSubgraphs(config.target)
  const hosted = await startHost({
    subgraphs,
    config,
    logger,
    lifecycle,
    folder: join(repositoryRoot, 'subgraphs'),
    ports: registeredPorts,
    onProgress: (message) => logger.debug(message),
  })
  // One process has one event loop and one heap: the first of its services reports them.
  const [first] = hosted.values()
  collectProcessMetrics(first?.platform.metrics ?? createMetrics({ service: name }))
  lifecycle.markReady()
  announceReady({ services: [...hosted.keys()] })
} catch (error) {
  logger.fatal({ err: error }, error instanceof Error ? error.message : 'could not start')
  await lifecycle.stop()
  exit(1)
}
