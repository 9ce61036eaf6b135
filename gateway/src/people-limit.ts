import type { CodedError, Identity } from '@codai/runtime'
import { createLocalBuckets } from '@codai/stores/limits'
import type { Costs } from './cost/costs.ts'
import { rateLimited } from './limit-headers.ts'
import type { Operation } from './operation.ts'

/** Takes what an operation will cost from what its caller may use. Tells why it may not run, if it may not. */
export type Limit = (operation: Operation, identity: Identity) => CodedError | undefined

/** A caller who has rested may use so many seconds' points at once. */
const BURST_SECONDS = 10

/**
 * Limits what one person uses, or one address without a person. Each gateway counts for itself: the limit is there against
 * runaways, and on the way of every operation it may cost next to nothing. One operation takes a second's points at most.
 */
export const createPeopleLimit = ({ costs, perSecond }: { costs: Costs; perSecond: number }): Limit => {
  const buckets = createLocalBuckets()
  const size = { capacity: perSecond * BURST_SECONDS, perSecond }

  return (operation, identity) => {
    const points = Math.min(costs.estimate(operation), perSecond)
    const { taken, enoughInMs } = buckets.take(keyOf(identity), points, size)
    return taken ? undefined : rateLimited(enoughInMs)
  }
}

const keyOf = (identity: Identity): string => {
  if (identity.kind === 'user') return `person ${identity.userId}`
  return identity.kind === 'anonymous' ? `address ${identity.address ?? ''}` : `service ${identity.service}`
}
