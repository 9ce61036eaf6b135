import { afterEach, describe, expect, it } from 'vitest'
import { FEATURES, composeDefinitions } from '../../test/fixtures/federation.ts'
import { failureOf } from '../../test/fixtures/gateway.ts'
import { createPlannerThread } from './planning.ts'
import type { PlannerThread } from './planning.ts'

const running: PlannerThread[] = []

const start = (budgetMs?: number): PlannerThread => {
  const thread = createPlannerThread(composeDefinitions(FEATURES), budgetMs)
  running.push(thread)
  return thread
}

afterEach(async () => {
  for (const thread of running.splice(0)) await thread.stop()
})

const fetched = (plan: unknown): unknown => (plan as { node: { serviceName: string } }).node.serviceName

describe('the thread that plans', () => {
  it('plans operations in the order in which they came', async () => {
    const thread = start()
    const plans = await Promise.all([
      thread.plan('{ users { name } }', undefined),
      thread.plan('query A { latest { stars } } query B { users { name } }', 'A'),
    ])
    expect(plans.map(fetched)).toEqual(['people', 'reviews'])
  })

  it('tells why it cannot plan, and goes on', async () => {
    const thread = start()
    await expect(thread.plan('{ nothing }', undefined)).rejects.toThrow('nothing')
    expect(fetched(await thread.plan('{ users { name } }', undefined))).toBe('people')
  })

  it('ends what takes too long with a coded error', async () => {
    const thread = start(1)
    await expect(thread.plan('{ users { name } }', undefined)).rejects.toMatchObject({
      extensions: { code: 'TIMEOUT' },
    })
  })

  it('plans what was asked before it retires, and what is asked after', async () => {
    const thread = start()
    const asked = thread.plan('{ users { name } }', undefined)
    thread.retire()
    expect(fetched(await asked)).toBe('people')
    expect(fetched(await thread.plan('{ users { name } }', undefined))).toBe('people')
  })

  it('leaves nobody waiting when it stops', async () => {
    const thread = start()
    const failure = failureOf(thread.plan('{ users { name } }', undefined))
    await thread.stop()
    expect(await failure).toMatchObject({ message: 'the planner has stopped' })
  })
})
