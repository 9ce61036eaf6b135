import { notFound } from '../_kit/index.ts'
import type { PlanRecord } from './records.ts'

/** The plan of an app that was just created. */
export const firstPlan = 'FREE'

/** What there is to choose from, cheapest first. */
export const plans: readonly PlanRecord[] = [
  {
    id: firstPlan,
    name: 'Free',
    description: 'To try things out, and for small programs.',
    price: { amount: '0.00', currency: 'EUR' },
    burst: 1_000,
    pointsPerSecond: 20,
    maxOperationCost: 500,
  },
  {
    id: 'TEAM',
    name: 'Team',
    description: 'For programs that people rely on.',
    price: { amount: '49.00', currency: 'EUR' },
    burst: 10_000,
    pointsPerSecond: 200,
    maxOperationCost: 2_000,
  },
  {
    id: 'BUSINESS',
    name: 'Business',
    description: 'For products that stand on the graph.',
    price: { amount: '499.00', currency: 'EUR' },
    burst: 100_000,
    pointsPerSecond: 2_000,
    maxOperationCost: 10_000,
  },
]

/** A plan by id; undefined when there is none. */
export const planById = (id: string): PlanRecord | undefined => plans.find((plan) => plan.id === id)

/** A plan by id; NOT_FOUND when there is none. */
export const requirePlan = (id: string): PlanRecord => {
  const plan = planById(id)
  if (!plan) throw notFound('Plan', id.slice(0, 100))
  return plan
}
