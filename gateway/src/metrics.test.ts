import { createMetrics } from '@codai/runtime'
import { describe, expect, it } from 'vitest'
import { createBoundedLabel, createGatewayMetrics } from './metrics.ts'

describe('the metrics of the gateway', () => {
  it('count operations by name, type and outcome', async () => {
    const metrics = createMetrics({ service: 'gateway' })
    const { operation } = createGatewayMetrics(metrics)
    operation('Shelf', 'query')('partial')
    operation(undefined, 'mutation')('ok')
    const text = await metrics.text()
    expect(text).toContain(
      'duration_seconds_count{service="gateway",operation="Shelf",type="query",outcome="partial"} 1',
    )
    expect(text).toContain('operation="anonymous",type="mutation",outcome="ok"} 1')
  })

  it('show how many sockets are open, each closed once', async () => {
    const metrics = createMetrics({ service: 'gateway' })
    const { socketOpened } = createGatewayMetrics(metrics)
    const close = socketOpened()
    socketOpened()
    close()
    close()
    expect(await metrics.text()).toContain('codai_gateway_open_sockets{service="gateway"} 1')
  })

  it('do not grow with the names that clients make up', () => {
    const label = createBoundedLabel(2)
    expect(['a', 'b', 'c', 'a', 'd'].map(label)).toEqual(['a', 'b', 'other', 'a', 'other'])
  })
})
