import { insertOnce } from '../_kit/index.ts'
import type { Repetition } from '../_kit/index.ts'
import type { DeliveryDocument, Models } from './models.ts'
import { stockStore } from './stock-store.ts'

/** For how long what is finished is remembered where it could be repeated: longer than any call in flight may take. */
export const graceMs = 60_000

/** All reads and writes of deliveries. */
export const deliveriesStore = (models: Models) => {
  const { deliveries } = models
  const stock = stockStore(models)
  const changeOf = ({ _id: id, product, quantity }: DeliveryDocument) => ({ product, id, quantity })

  return {
    /** Writes a delivery once for each key of its seller. */
    insert: async (delivery: DeliveryDocument, repetition: Repetition): Promise<DeliveryDocument> =>
      (await insertOnce(deliveries, 'seller', delivery, repetition)).row,

    /** Adds a delivery to the stock, if that was not done yet. */
    finish: async (delivery: DeliveryDocument, now: Date): Promise<void> => {
      if (delivery.isDone) return
      await stock.put(changeOf(delivery))
      const workAt = new Date(now.getTime() + graceMs)
      await deliveries.updateOne({ _id: delivery._id, isDone: false }, { $set: { isDone: true, workAt } })
    },

    /** Lets the product forget a delivery that was added. */
    settle: async (delivery: DeliveryDocument): Promise<void> => {
      await stock.forget(changeOf(delivery), 'RETURNED')
      await deliveries.updateOne({ _id: delivery._id, isDone: true }, { $unset: { workAt: 1 } })
    },

    /** Deliveries that somebody has to look after. */
    due: async (now: Date, limit: number): Promise<DeliveryDocument[]> =>
      deliveries
        .find({ workAt: { $lte: now } })
        .limit(limit)
        .lean<DeliveryDocument[]>(),
  }
}
