import { expect, test } from 'vitest'
import { collectProcessMetrics, createMetrics } from './metrics.ts'

test('metrics are exposed under our prefix with the name of their service', async () => {
  const metrics = createMetrics({ service: 'bancai' })
  metrics.counter('transfers_total', 'Transfers', ['status']).inc({ status: 'SETTLED' }, 2)
  metrics.gauge('open_holds', 'Holds not yet captured').set(3)
  metrics.histogram('transfer_seconds', 'Time of a transfer', [], [0.1, 1]).observe(0.5)
  const text = await metrics.text()
  expect(text).toContain('codai_transfers_total{status="SETTLED",service="bancai"} 2')
  expect(text).toContain('codai_open_holds{service="bancai"} 3')
  expect(text).toContain('codai_transfer_seconds_bucket{le="1",service="bancai"} 1')
})

test('two services in one process keep their counts apart', async () => {
  const bancai = createMetrics({ service: 'bancai' })
  const wallet = createMetrics({ service: 'wallet' })
  bancai.counter('requests_total', 'Requests').inc()
  wallet.counter('requests_total', 'Requests')
  expect(await wallet.text()).toContain('codai_requests_total{service="wallet"} 0')
})

test('asking twice for a metric gives the same one, and a name keeps its kind', () => {
  const metrics = createMetrics({ service: 'bancai' })
  expect(metrics.counter('requests_total', 'Requests')).toBe(metrics.counter('requests_total', 'Requests'))
  expect(() => metrics.gauge('requests_total', 'Requests')).toThrow('already been registered')
})

test('the process tells of its memory and its event loop', async () => {
  const metrics = createMetrics({ service: 'host' })
  collectProcessMetrics(metrics)
  const text = await metrics.text()
  expect(text).toContain('codai_process_resident_memory_bytes{service="host"}')
  expect(text).toContain('codai_nodejs_eventloop_lag_seconds')
})
