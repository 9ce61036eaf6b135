import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { composeBench } from './graph.ts'
import { startIssuer } from './issuer.ts'
import type { Issuer } from './issuer.ts'
import { askOnce, load } from './load.ts'
import { startGatewayProcess, startProcess } from './processes.ts'
import type { GatewayProcess } from './processes.ts'

/** A gateway to measure: its name in the table, and the arguments of `gateway.ts`. */
export type Contestant = { readonly name: string; readonly args: readonly string[] }

export type ThroughputOptions = {
  readonly contestants: readonly Contestant[]
  readonly turns: number
  readonly turnSeconds: number
  /** Which tables to make; all of them by default. */
  readonly only?: string | undefined
  /** Options of Node for the gateways, such as those that profile. */
  readonly nodeOptions?: readonly string[]
  readonly say: (line: string) => void
}

type Turn = { readonly cpuMs: number; readonly requestsPerSecond: number; readonly p99: number }
type Running = Contestant & { readonly gateway: GatewayProcess; readonly perSecond: number; readonly turns: Turn[] }

type Scenario = {
  readonly name: string
  readonly title: string
  readonly isVerified: boolean
  readonly isDifferent: boolean
  readonly isPromised?: boolean
  readonly isOwn?: boolean
}

const SCENARIOS: readonly Scenario[] = [
  { name: 'identical', title: 'identical requests', isVerified: true, isDifferent: false },
  {
    name: 'different',
    title: 'a different Authorization on every request: we verify each, and sign it for the subgraphs',
    isVerified: true,
    isDifferent: true,
  },
  {
    name: 'own',
    title: 'the same, where no subgraph ever answers in the same words again',
    isVerified: true,
    isDifferent: true,
    isOwn: true,
  },
  {
    name: 'promised',
    title: 'a different Authorization on every request, where services promise that nothing depends on who asks',
    isVerified: true,
    isDifferent: true,
    isPromised: true,
  },
  {
    name: 'unverified',
    title: 'the same where nobody looks at Authorization, as plain @apollo/gateway does not',
    isVerified: false,
    isDifferent: true,
  },
]

const WARM_UP_REQUESTS = 150
/** How long each is asked before it is measured: what runs most is compiled by then. */
const WARM_UP_SECONDS = 8

/**
 * Compares gateways on the public gateways benchmark's shape, each in its own process, in turn and in one run, so that the
 * ratio means the same on every machine. The first contestant is the measure; all must answer as it does, to the byte.
 */
export const measureThroughput = async (options: ThroughputOptions): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-bench-'))
  const issuer = await startIssuer()
  const subgraphs = startProcess('subgraphs.ts')
  try {
    const urls = (await subgraphs.ready) as Record<string, string>
    for (const scenario of SCENARIOS) {
      if (options.only !== undefined && options.only !== scenario.name) continue
      const file = join(folder, `${scenario.name}.graphql`)
      await writeFile(file, composeBench(urls, scenario))
      await compare(options, scenario, file, issuer)
    }
  } finally {
    await subgraphs.stop()
    issuer.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

const compare = async (options: ThroughputOptions, scenario: Scenario, file: string, issuer: Issuer): Promise<void> => {
  const { say, turns, turnSeconds, contestants, nodeOptions = [] } = options
  const env = {
    SUPERGRAPH_FILE: file,
    // One caller stands for thousands here.
    RATE_LIMIT: '0',
    ISSUER_URL: issuer.url,
    ...(scenario.isVerified && { IDENTITY_SECRET: randomUUID() }),
  }
  const running: Running[] = []
  say(`\n${scenario.title}`)
  let answer: string | undefined
  try {
    for (const contestant of contestants) {
      const gateway = await startGatewayProcess(contestant.args, env, nodeOptions)
      const written = await askOnce(gateway.url)
      if (answer === undefined) say(`  answers of ${Buffer.byteLength(written)} bytes`)
      // Some end their answers with a line break. It is all in which answers may differ.
      else if (written.trim() !== answer.trim()) throw new Error(`${contestant.name} answers otherwise`)
      answer ??= written
      const once = { gateway, scenario, issuer }
      const warmUp = await measure({ ...once, amount: WARM_UP_REQUESTS })
      const { requestsPerSecond } = await measure({
        ...once,
        amount: Math.max(100, warmUp.requestsPerSecond * WARM_UP_SECONDS),
      })
      running.push({ ...contestant, gateway, perSecond: requestsPerSecond, turns: [] })
    }
    for (let turn = 0; turn < turns; turn += 1) {
      for (const { gateway, perSecond, turns: taken } of running) {
        taken.push(await measure({ gateway, scenario, issuer, amount: Math.max(100, perSecond * turnSeconds) }))
      }
    }
  } finally {
    for (const { gateway } of running) await gateway.stop()
  }
  report(running, say)
}

type MeasureOptions = {
  readonly gateway: GatewayProcess
  readonly scenario: Scenario
  readonly issuer: Issuer
  readonly amount: number
}

const measure = async ({ gateway, scenario, issuer, amount: wanted }: MeasureOptions): Promise<Turn> => {
  const amount = Math.round(wanted)
  const answer = await askOnce(gateway.url)
  const tokens = await issuer.tokens(scenario.isDifferent ? amount + 100 : 1)
  let asked = 0
  const authorization = (): string => {
    asked += 1
    return `Bearer ${tokens[asked % tokens.length]}`
  }
  const before = await gateway.cpuMs()
  const { requestsPerSecond, p99 } = await load({ url: gateway.url, amount, authorization, answer })
  return { cpuMs: ((await gateway.cpuMs()) - before) / amount, requestsPerSecond, p99 }
}

const report = (running: readonly Running[], say: (line: string) => void): void => {
  const cpuOf = ({ turns }: Running): number => median(turns.map(({ cpuMs }) => cpuMs))
  const [measure] = running
  for (const each of running) {
    const cpuMs = cpuOf(each)
    const ratio = measure ? cpuOf(measure) / cpuMs : 1
    const perSecond = median(each.turns.map(({ requestsPerSecond }) => requestsPerSecond))
    const p99 = median(each.turns.map((turn) => turn.p99))
    say(
      `  ${each.name.padEnd(16)} ${perSecond.toFixed(0).padStart(6)} requests/s  p99 ${p99.toFixed(0).padStart(5)} ms  ` +
        `${cpuMs.toFixed(2).padStart(6)} ms of CPU each  ${ratio.toFixed(1).padStart(5)} times`,
    )
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0
