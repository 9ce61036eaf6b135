import {
  ConfigError,
  announceReady,
  createLifecycle,
  createLogger,
  exitWithParent,
  readConfig,
  startTracing,
  stopOnSignals,
} from '@codai/runtime'
import { startGateway } from './index.ts'

/** The gateway as a process of its own. */
const main = async (): Promise<void> => {
  const config = readConfig()
  const logger = createLogger({ name: 'gateway', level: config.logLevel, pretty: config.logPretty })
  const lifecycle = createLifecycle({ logger })
  stopOnSignals(lifecycle, { exit: (code) => process.exit(code) })
  exitWithParent(() => lifecycle.stop())

  const endpoint = config.otelExporterOtlpEndpoint
  lifecycle.onStop('traces', await startTracing({ endpoint, service: 'gateway', logger }))
  const { url } = await startGateway({ config, logger, lifecycle })
  lifecycle.markReady()
  announceReady({ url })
  logger.info({ url }, 'the gateway is ready')
}

try {
  await main()
} catch (error) {
  const reason = error instanceof ConfigError ? error.message : error
  process.stderr.write(`${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}\n`)
  process.exit(1)
}
