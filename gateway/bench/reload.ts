import { spawn } from 'node:child_process'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describeBlock } from './blocks.ts'
import { composeBench } from './graph.ts'
import type { BenchSubgraph } from './graph.ts'
import { CONNECTIONS, load } from './load.ts'
import { startGatewayProcess, startProcess } from './processes.ts'

const REQUESTS = 20_000
const TURNS = 3
const IDLE_MS = 3_000
const READING_MS = 2_000
/** Beside the four that are asked, so that there are forty. */
const OTHER_SERVICES = 36
const TYPES_OF_EACH = 7

/** Measures what a new supergraph of forty services costs the clients that ask meanwhile. */
export const measureReload = async (say: (line: string) => void): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-bench-'))
  const subgraphs = startProcess('subgraphs.ts')
  try {
    const file = join(folder, 'supergraph.graphql')
    const urls = (await subgraphs.ready) as Record<string, string>
    // Composed beforehand: that takes this process so long that no answer would be read meanwhile.
    const versions = Array.from({ length: TURNS + 1 }, (_, version) =>
      composeBench(urls, { others: otherServices(version) }),
    )
    const replace = async (version: number): Promise<void> => {
      await writeFile(`${file}.next`, versions[version] ?? '')
      await rename(`${file}.next`, file)
    }
    await replace(0)
    const gateway = await startGatewayProcess(['ours'], { SUPERGRAPH_FILE: file, RATE_LIMIT: '0' })
    await load({ url: gateway.url, amount: REQUESTS })
    say(
      `\na new supergraph of forty services, under ${CONNECTIONS} connections; a block is how long the event loop stood`,
    )
    await gateway.longestBlock()
    await pause(IDLE_MS)
    say(`  nobody asks: ${describeBlock(await gateway.longestBlock())}`)

    const measure = async (title: string, meanwhile: () => Promise<void>): Promise<void> => {
      await gateway.longestBlock()
      const loading = load({ url: gateway.url, amount: REQUESTS })
      await meanwhile()
      const { p50, p99 } = await loading
      const block = describeBlock(await gateway.longestBlock())
      const rss = ((await gateway.rssBytes()) / 1e6).toFixed(0)
      say(`  ${title}: median ${p50} ms, p99 ${p99} ms, ${block}; ${rss} MB`)
    }
    for (let version = 1; version <= TURNS; version += 1) {
      await measure('as it was  ', async () => {})
      await measure('a busy core', keepCoreBusy)
      await measure('a new graph', () => replace(version))
      if (!(await isServed(gateway.url, version))) say('  (which was not yet in use when the last was answered)')
    }
    await gateway.stop()
  } finally {
    await subgraphs.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Takes a processor for about as long as the thread does that reads a supergraph: what of a reload is only that. */
const keepCoreBusy = async (): Promise<void> => {
  spawn(process.execPath, ['-e', `const end = Date.now() + ${READING_MS}; while (Date.now() < end);`]).unref()
}

/** Services that nobody asks, of which one tells the version. */
const otherServices = (version: number): readonly Pick<BenchSubgraph, 'name' | 'text'>[] =>
  Array.from({ length: OTHER_SERVICES }, (_, service) => ({
    name: `other${service}`,
    text: `type Query { ${service === 0 ? `version${version}` : `entry${service}`}: Other${service}x0 }
      ${Array.from({ length: TYPES_OF_EACH }, (_, type) => typeText(`Other${service}x`, type)).join('\n')}`,
  }))

const typeText = (prefix: string, number: number): string => `
  "A type that is here for its size, with a description as long as such descriptions commonly are."
  type ${prefix}${number} @key(fields: "id") {
    "Tells it from others."
    id: ID!
    "What people call it."
    name: String!
    "When it was made, as a time in the format of ISO 8601."
    createdAt(zone: String = "UTC"): String
    "Whether it is of any use at the moment."
    isOpen: Boolean
    next: ${prefix}${(number + 1) % TYPES_OF_EACH}
    all(first: Int = 10, after: String): [${prefix}${number}!]!
  }`

/** A document that does not fit the graph is refused with a status of its own. */
const isServed = async (url: string, version: number): Promise<boolean> => {
  const body = JSON.stringify({ query: `query { version${version} { __typename } }` })
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  return response.ok
}
