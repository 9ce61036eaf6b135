import { randomUUID } from 'node:crypto'
import { announceReady, exitWithParent } from '@codai/runtime'
import { WebSocket } from 'ws'
import { takeCommands } from './control.ts'
import { TICKS } from './graph.ts'

/** Clients of the gateway as a process: each has a socket and a subscription, and notes how late its events are. */
const [url = ''] = process.argv.slice(2)
const OPENING_AT_ONCE = 100

let latencies: number[] = []
let isMeasured = false

const now = (): number => performance.timeOrigin + performance.now()

/** Reads the one number that counts; parsing ten thousand messages at once would be what is measured. */
const sentAtOf = (text: string): number => {
  const at = text.indexOf('"sentAt":')
  return at < 0 ? Number.NaN : Number.parseFloat(text.slice(at + 9, at + 30))
}

/** Resolves when the first event has come. */
const watch = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate: false, skipUTF8Validation: true })
    socket.on('error', reject)
    socket.on('close', (code, reason) => reject(new Error(`closed with ${code} ${String(reason)}`)))
    socket.on('open', () => socket.send('{"type":"connection_init"}'))
    socket.on('message', (data: Buffer) => {
      const text = data.toString('latin1')
      if (text.includes('"connection_ack"')) {
        socket.send(JSON.stringify({ id: randomUUID(), type: 'subscribe', payload: { query: TICKS } }))
        return
      }
      const sentAt = sentAtOf(text)
      if (Number.isNaN(sentAt)) return reject(new Error(text))
      if (isMeasured) latencies.push(now() - sentAt)
      resolve()
    })
  })

const percentile = (sorted: Float64Array, part: number): number => sorted[Math.floor((sorted.length - 1) * part)] ?? 0

const controlUrl = await takeCommands({
  /** Opens so many clients, and waits until each had an event. */
  open: async (amount) => {
    for (let left = amount; left > 0; left -= OPENING_AT_ONCE) {
      await Promise.all(Array.from({ length: Math.min(left, OPENING_AT_ONCE) }, watch))
    }
  },
  begin: () => {
    latencies = []
    isMeasured = true
  },
  end: () => {
    isMeasured = false
    const sorted = Float64Array.from(latencies).toSorted()
    const at = (part: number): number => percentile(sorted, part)
    return { deliveries: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) }
  },
})
exitWithParent(() => {})
announceReady({ controlUrl })
