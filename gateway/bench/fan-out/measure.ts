import { readFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startGatewayProcess, startProcess } from '../processes.ts'
import { command } from './control.ts'
import { composeTicker } from './graph.ts'

export type FanOutOptions = {
  readonly clients: number
  readonly rates: readonly number[]
  readonly seconds: number
  readonly nodeOptions: readonly string[]
  readonly say: (line: string) => void
}

type Delivered = { readonly deliveries: number; readonly p50: number; readonly p99: number; readonly max: number }

/** Files that a process has open beside its clients' sockets. */
const OTHER_FILES = 200

/** How many clients this machine allows; says so where those are fewer than wanted. */
const allowedClients = async (wanted: number, say: FanOutOptions['say']): Promise<number> => {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '')
  const [, hard] = /^Max open files\s+\S+\s+(\d+)/m.exec(limits) ?? []
  const allowed = hard === undefined ? wanted : Number(hard) - OTHER_FILES
  if (allowed >= wanted) return wanted
  say(`  A process may open ${hard} files here, too few for ${wanted} clients: measured with ${allowed}.`)
  say(`  More: ulimit -Hn ${wanted + OTHER_FILES}, as root.`)
  return allowed
}

/** One ticker and many clients of one gateway: what a delivery costs, how late it is, and what a client weighs. */
export const measureFanOut = async (options: FanOutOptions): Promise<void> => {
  const { rates, seconds, nodeOptions, say } = options
  const clients = await allowedClients(options.clients, say)
  const folder = await mkdtemp(join(tmpdir(), 'gateway-bench-'))
  const ticker = startProcess('fan-out/ticker.ts')
  try {
    const source = (await ticker.ready) as { url: string; controlUrl: string }
    const file = join(folder, 'supergraph.graphql')
    await writeFile(file, composeTicker(source.url))
    const gateway = await startGatewayProcess(['ours'], { SUPERGRAPH_FILE: file }, nodeOptions)
    const watchers = startProcess('fan-out/watchers.ts', [gateway.url.replace('http', 'ws')])
    try {
      const { controlUrl } = (await watchers.ready) as { controlUrl: string }
      await command(controlUrl, 'open', 100)
      const before = await gateway.rssBytes()
      const cpuBefore = await gateway.cpuMs()
      const startedAt = performance.now()
      await command(controlUrl, 'open', clients - 100)
      const connectSeconds = (performance.now() - startedAt) / 1_000
      const connectCpu = (await gateway.cpuMs()) - cpuBefore
      const weight = ((await gateway.rssBytes()) - before) / (clients - 100) / 1_024
      const streams = await command<number>(source.controlUrl, 'opened')
      say(`\n${clients} clients on one ticker: ${streams} stream of the subgraph, ${weight.toFixed(1)} KiB a client,`)
      say(`  connected in ${connectSeconds.toFixed(1)} s, ${(connectCpu / clients).toFixed(2)} ms of CPU each`)
      for (const rate of rates) {
        await command(source.controlUrl, 'rate', rate)
        await pause(1_000)
        await command(controlUrl, 'begin')
        const cpu = await gateway.cpuMs()
        const beganAt = performance.now()
        await pause(seconds * 1_000)
        const { deliveries, p50, p99, max } = await command<Delivered>(controlUrl, 'end')
        const took = (performance.now() - beganAt) / 1_000
        const cpuMs = (await gateway.cpuMs()) - cpu
        await command(source.controlUrl, 'rate', 0)
        say(
          `  ${String(rate).padStart(3)} events/s  ${(deliveries / took).toFixed(0).padStart(7)} deliveries/s  ` +
            `${((cpuMs / deliveries) * 1_000).toFixed(1).padStart(5)} µs of CPU each  ` +
            `late by ${p50.toFixed(0)} ms (half), ${p99.toFixed(0)} ms (99 of 100), ${max.toFixed(0)} ms at most  ` +
            `CPU ${((cpuMs / took / 1_000) * 100).toFixed(0)} %`,
        )
        await pause(1_000)
      }
    } finally {
      await watchers.stop()
      await gateway.stop()
    }
  } finally {
    await ticker.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
