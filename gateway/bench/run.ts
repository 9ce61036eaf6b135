import { parseArgs } from 'node:util'
import { GATEWAY_NODE_OPTIONS } from '../src/node-options.ts'
import { measureFanOut } from './fan-out/measure.ts'
import { measurePlanning } from './planning.ts'
import { measureReload } from './reload.ts'
import { measureThroughput } from './throughput.ts'
import type { Contestant } from './throughput.ts'

/** Measures the gateway. See README.md for the options. */
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    turns: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '8' },
    clients: { type: 'string', default: '10000' },
    rates: { type: 'string', default: '1,2,5' },
    hive: { type: 'string' },
    ours: { type: 'boolean', default: false },
    profile: { type: 'string' },
    node: { type: 'string', default: GATEWAY_NODE_OPTIONS.join(' ') },
  },
})

const say = (line: string): void => void process.stdout.write(`${line}\n`)

const PLAIN: Contestant = { name: '@apollo/gateway', args: ['plain'] }
const OURS: Contestant = { name: 'ours', args: ['ours'] }
const { hive } = values
const HIVE: readonly Contestant[] = hive
  ? [
      { name: 'hive', args: ['hive', hive] },
      { name: 'hive, Rust', args: ['hive', hive, '--hive-router-runtime'] },
    ]
  : []

const nodeOptions = [
  ...values.node.split(' ').filter(Boolean),
  ...(values.profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', values.profile]),
]

const { only } = values
const isWanted = (part: string): boolean => only === undefined || only === part

if (!['fan-out', 'planning', 'reload'].includes(only ?? '')) {
  await measureThroughput({
    contestants: values.ours ? [OURS] : [PLAIN, OURS, ...HIVE],
    turns: Number(values.turns),
    turnSeconds: Number(values.seconds),
    only,
    nodeOptions,
    say,
  })
}
if (isWanted('planning')) await measurePlanning(say)
if (isWanted('reload')) await measureReload(say)
if (isWanted('fan-out')) {
  const rates = values.rates.split(',').map(Number)
  await measureFanOut({ clients: Number(values.clients), rates, seconds: Number(values.seconds), nodeOptions, say })
}
