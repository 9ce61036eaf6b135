import { EventEmitter, once } from 'node:events'
import { silentLogger } from '@codai/runtime'
import { afterEach, describe, expect, it } from 'vitest'
import type { UsageEntry } from './key-service.ts'
import { createUsage } from './usage.ts'
import type { Usage } from './usage.ts'

type Report = { batch: string; entries: readonly UsageEntry[] }

const use = { cost: 5, failed: false, refused: false }

describe('the count of what keys are used for', () => {
  let usage: Usage
  afterEach(() => usage.stop())

  const setUp = (mostEntries?: number) => {
    const reports: Report[] = []
    const state = { fails: false }
    const events = new EventEmitter()
    usage = createUsage({
      record: async (batch, entries) => {
        reports.push({ batch, entries: structuredClone(entries) })
        events.emit('report')
        if (state.fails) throw new Error('out of reach')
      },
      logger: silentLogger,
      everyMs: 5,
      ...(mostEntries !== undefined && { mostEntries }),
    })
    return { reports, state, next: () => once(events, 'report') }
  }

  it('is reported together, by key and operation', async () => {
    const { reports, next } = setUp()
    usage.count('one', 'Prices', use)
    usage.count('one', 'Prices', { cost: 7, failed: true, refused: true })
    usage.count('two', undefined, use)
    await next()
    expect(reports[0]?.entries).toMatchObject([
      { key: 'one', operation: 'Prices', requests: 2, cost: 12, errors: 1, refused: 1 },
      { key: 'two', operation: 'anonymous', requests: 1, cost: 5, errors: 0, refused: 0 },
    ])
  })

  it('is sent again as it was until it is confirmed, and what came meanwhile after it', async () => {
    const { reports, state, next } = setUp()
    state.fails = true
    usage.count('one', 'Prices', use)
    await next()
    usage.count('one', 'Prices', use)
    await next()
    state.fails = false
    await next()
    await usage.stop()
    const [first, ...rest] = reports
    const last = rest.at(-1)
    expect(rest.slice(0, -1).every(({ batch }) => batch === first?.batch)).toBe(true)
    expect(first?.entries[0]?.requests).toBe(1)
    expect(last).toMatchObject({ entries: [{ requests: 1 }] })
    expect(last?.batch).not.toBe(first?.batch)
  })

  it('is bounded: names past the hundredth are one, and so is what has no place', async () => {
    const { reports } = setUp()
    for (let index = 0; index < 150; index += 1) usage.count('one', `Operation${index}`, use)
    await usage.stop()
    const names = reports.flatMap(({ entries }) => entries)
    expect(names).toHaveLength(101)
    expect(names.find(({ operation }) => operation === 'other')?.requests).toBe(50)
  })

  it('keeps no more than it may while nobody takes it', async () => {
    const { reports } = setUp(3)
    for (let index = 0; index < 10; index += 1) usage.count(`key ${index}`, undefined, use)
    await usage.stop()
    expect(reports.flatMap(({ entries }) => entries)).toHaveLength(3)
  })
})
