import { watch } from 'node:fs'
import { join } from 'node:path'
import {
  createLifecycle,
  createLogger,
  exitWithParent,
  inheritedEnvironment,
  readConfig,
  repositoryRoot,
  stopOnSignals,
} from '@codai/runtime'
import { generate } from './gen.ts'
import { requireFreePorts } from './ports.ts'
import { say } from './progress.ts'
import { startStack } from './stack.ts'
import { buildWeb } from './web.ts'

// Editors save a file in several steps, and a change of branch touches many files at once.
const quietMs = 200

/** Watches a folder, and calls back with what changed once it has been quiet for a moment; one call at a time. */
const onChange = (folder: string, react: (files: ReadonlySet<string>) => Promise<void>): (() => void) => {
  let files = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  const watcher = watch(join(repositoryRoot, folder), { recursive: true }, (_event, file) => {
    if (file === null || /node_modules|\.generated|dist|\.new$|registry\.generated/.test(file)) return
    files.add(file)
    clearTimeout(timer)
    timer = setTimeout(() => {
      const changed = files
      files = new Set()
      running = running
        .then(() => react(changed))
        .catch((error: unknown) => say(`✖ ${error instanceof Error ? error.message : String(error)}`))
    }, quietMs)
  })
  return () => watcher.close()
}

/** Starts the whole system and takes changes up: schemas are composed anew, changed processes are restarted, the web is built. */
export const dev = async (): Promise<void> => {
  const config = readConfig({ LOG_LEVEL: 'info', ...inheritedEnvironment() })
  const logger = createLogger({ name: 'dev', level: config.logLevel, pretty: config.logPretty })
  const lifecycle = createLifecycle({ logger })
  stopOnSignals(lifecycle, { exit: (code) => process.exit(code) })
  exitWithParent(() => lifecycle.stop())

  await generate()
  await requireFreePorts(config)
  await buildWeb()
  const onProgress = (message: string): void => say(`▸ ${message}`)
  const { gatewayUrl, processes } = await startStack({ config, logger, lifecycle, each: true, onProgress })
  lifecycle.markReady()
  say(`✔ Ready at ${gatewayUrl ?? ''}. Save a file, and it is taken up.`)

  const restart = async (name: string): Promise<void> => {
    say(`▸ restarting ${name}`)
    await processes.find((candidate) => candidate.name === name)?.restart()
  }
  const stops = [
    onChange('subgraphs', async (files) => {
      await generate()
      if ([...files].some((file) => file.endsWith('.graphql'))) {
        // In a process of its own: this one holds the definitions as they were when it started.
        const { execFile } = await import('node:child_process')
        const { promisify } = await import('node:util')
        await promisify(execFile)(process.execPath, ['infra/commands/run.mjs', 'compose', '--accept-breaking'], {
          cwd: repositoryRoot,
        })
      }
      const folders = new Set([...files].map((file) => file.split('/')[0] ?? ''))
      const shared = folders.has('_kit') || folders.has('_host')
      const affected = processes.filter(({ name }) => name !== 'gateway' && (shared || folders.has(name)))
      for (const { name } of affected) await restart(name)
    }),
    onChange('gateway/src', () => restart('gateway')),
    onChange('web', buildWeb),
  ]
  lifecycle.onStop('watchers', () => stops.forEach((stop) => stop()))
}
