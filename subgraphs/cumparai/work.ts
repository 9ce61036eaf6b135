import { repeat } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import type { Service } from './context.ts'

const pauseMs = 1_000
const atOnce = 100

/** Finishes deliveries that somebody left, and forgets those that are finished. */
const tendDeliveries = async ({ store, now }: Service): Promise<void> => {
  for (const delivery of await store.deliveries.due(now(), atOnce)) {
    await (delivery.isDone ? store.deliveries.settle(delivery) : store.deliveries.finish(delivery, now()))
  }
}

const computeRatings = async ({ store }: Service): Promise<void> => {
  for (const product of await store.reviews.withDueRating(atOnce)) await store.reviews.computeRating(product)
}

/**
 * What the shop does by itself: purchases that were left on their way are carried on, and what was done is tidied up. Any
 * number of processes may do it at once.
 */
export const start = async (service: Service, platform: Platform): Promise<void> => {
  const every = (name: string, work: () => Promise<void>): void =>
    repeat(platform, name, async () => {
      await work()
      return pauseMs
    })
  every('carrying purchases on', () => service.saga.resume())
  every('tending deliveries', () => tendDeliveries(service))
  every('computing ratings', () => computeRatings(service))
}
