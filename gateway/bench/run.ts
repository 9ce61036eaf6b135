import { parseArgs } from 'node:util'
import { measureThroughput } from './throughput.ts'
import type { Contestant } from './throughput.ts'

/** Measures the gateway. See README.md for the options. */
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    turns: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '8' },
    hive: { type: 'string' },
    ours: { type: 'boolean', default: false },
    profile: { type: 'string' },
    node: { type: 'string', default: '' },
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

await measureThroughput({
  contestants: values.ours ? [OURS] : [PLAIN, OURS, ...HIVE],
  turns: Number(values.turns),
  turnSeconds: Number(values.seconds),
  only: values.only,
  nodeOptions: [
    ...values.node.split(' ').filter(Boolean),
    ...(values.profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', values.profile]),
  ],
  say,
})
