import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import autocannon from 'autocannon'
import {
  createIdentitySigner,
  createLifecycle,
  IDENTITY_HEADER,
  readConfig,
  repositoryRoot,
  silentLogger,
} from '@codai/runtime'
import { registeredPorts } from '@codai/subgraphs/registry'
import { freePortOffset } from '@codai/subgraphs/testing/ports'
import { generate } from './gen.ts'
import { say, step } from './progress.ts'
import { systemSecrets } from './secrets.ts'
import { startStack } from './stack.ts'

const seconds = 8
const connections = 20

const instruments = '{ instruments(first: 3) { edges { node { symbol ticker { last bid ask } } } } }'

/** Requests a second that an address answers; throws when it answers anything but success. */
const throughput = async (url: string, query: string, headers: Record<string, string> = {}): Promise<number> => {
  const result = await autocannon({
    url: `${url}/graphql`,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
    connections,
    duration: seconds,
  })
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${url} failed ${result.non2xx + result.errors} times.`)
  return result.requests.average
}

/**
 * Measures what the gateway costs: the same question asked of a service directly and through the gateway, in one run, so
 * that the ratio means the same on every machine.
 */
const benchSystem = async (): Promise<void> => {
  await generate()
  const folder = await mkdtemp(join(tmpdir(), 'codai-bench-'))
  const offset = await freePortOffset([...Object.values(registeredPorts), 8080])
  const config = readConfig({
    DATA_DIR: folder,
    PORT_OFFSET: String(offset),
    GATEWAY_PORT: String(8080 + offset),
    LOG_LEVEL: 'error',
  })
  const lifecycle = createLifecycle({ logger: silentLogger })
  try {
    const { gatewayUrl = '' } = await step('Starting a system of its own', () =>
      startStack({ config, logger: silentLogger, lifecycle, each: false, onProgress: () => undefined }),
    )
    const secrets = await systemSecrets(config)
    const signer = createIdentitySigner({ secret: secrets.IDENTITY_SECRET, issuer: 'bench' })
    const identity = await signer.sign({ kind: 'anonymous' }, 600)
    const service = `http://127.0.0.1:${(registeredPorts['x'] ?? 0) + offset}`
    const direct = await step('Asking the service', () =>
      throughput(service, instruments, { [IDENTITY_HEADER]: identity }),
    )
    const through = await step('Asking the gateway', () => throughput(gatewayUrl, instruments))
    say(`\n  instruments with tickers, ${connections} connections`)
    say(`    service   ${direct.toFixed(0)} requests a second`)
    say(`    gateway   ${through.toFixed(0)} requests a second, ${(through / direct).toFixed(2)} of the service`)
  } finally {
    await lifecycle.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** The gateway against others; see gateway/bench/README.md. */
const benchGateway = async (args: readonly string[]): Promise<void> => {
  const file = join(repositoryRoot, 'gateway/bench/run.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], { cwd: repositoryRoot, stdio: 'inherit' })
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
  if (code !== 0) throw new Error('The gateway could not be measured.')
}

/** Measures all, or only `gateway` (with options of its own) or `system`. */
export const bench = async ([what, ...args]: readonly string[]): Promise<void> => {
  if (what !== 'system') await benchGateway(args)
  if (what !== 'gateway') await benchSystem()
}
