import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { composeBench } from './graph.ts'
import { load } from './load.ts'
import { startGatewayProcess, startProcess } from './processes.ts'

const REQUESTS = 2_000

/** Measures what a new supergraph costs the clients that ask meanwhile. */
export const measureReload = async (say: (line: string) => void): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-bench-'))
  const subgraphs = startProcess('subgraphs.ts')
  try {
    const file = join(folder, 'supergraph.graphql')
    const sdl = composeBench((await subgraphs.ready) as Record<string, string>)
    await writeFile(file, sdl)
    const gateway = await startGatewayProcess(['ours'], { SUPERGRAPH_FILE: file })
    const once = { url: gateway.url, amount: REQUESTS }
    await load(once)
    say('\na new supergraph under load')
    for (const phase of ['before', 'during', 'after']) {
      await gateway.longestBlockMs()
      const loading = load(once)
      if (phase === 'during') {
        await writeFile(`${file}.next`, `# another version\n${sdl}`)
        await rename(`${file}.next`, file)
      }
      const { p50, p99 } = await loading
      const block = await gateway.longestBlockMs()
      say(
        `  ${phase.padEnd(7)} median ${p50} ms, p99 ${p99} ms, longest block of the event loop ${block.toFixed(0)} ms`,
      )
    }
    await gateway.stop()
  } finally {
    await subgraphs.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
