import {
  createLifecycle,
  createLogger,
  exitWithParent,
  inheritedEnvironment,
  readConfig,
  stopOnSignals,
} from '@codai/runtime'
import { generate } from './gen.ts'
import { say } from './progress.ts'

/** Starts the whole system, or the part that TARGET names, and keeps it running until a signal ends it. */
export const start = async ({ each }: { each: boolean }): Promise<void> => {
  const begun = performance.now()
  // At a terminal people want to see the steps; the logs speak up when something is wrong, or when asked for.
  const config = readConfig({ LOG_LEVEL: 'warn', ...inheritedEnvironment() })
  const logger = createLogger({ name: 'start', level: config.logLevel, pretty: config.logPretty })
  const lifecycle = createLifecycle({ logger })
  const exit = (code: number): never => process.exit(code)
  stopOnSignals(lifecycle, { exit })
  exitWithParent(() => lifecycle.stop())

  await generate()
  const { buildWeb } = await import('./web.ts')
  const { requireFreePorts } = await import('./ports.ts')
  const { startStack } = await import('./stack.ts')
  if (!config.target.includes('gateway')) await requireFreePorts(config)
  if (config.target.includes('all') || config.target.includes('gateway')) await buildWeb()
  try {
    const onProgress = (message: string): void => say(`▸ ${message.charAt(0).toUpperCase()}${message.slice(1)}`)
    const { gatewayUrl, processes } = await startStack({ config, logger, lifecycle, each, onProgress })
    lifecycle.markReady()
    say(`\n✔ Codai is ready, after ${((performance.now() - begun) / 1000).toFixed(1)} s.\n`)
    if (gatewayUrl === undefined) {
      say(`  Running: ${processes.map(({ name }) => name).join(', ')}\n`)
      return
    }
    const url = config.publicUrl
    say(`  The application      ${url}`)
    say(`  Explore the graph    ${url}/explorer   (works without internet)`)
    say(`  Apollo Sandbox       ${url}/graphql`)
    say(`  Sign in as           ada, bob or carol, with the password correct-horse-battery`)
    say(`\n  Your data is kept in ${config.dataDir}. Stop with Ctrl-C.\n`)
  } catch (error) {
    await lifecycle.stop()
    throw error
  }
}
