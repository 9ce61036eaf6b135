import { insertNew } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import { cartsStore } from './carts-store.ts'
import { deliveriesStore } from './deliveries-store.ts'
import { defineModels } from './models.ts'
import { productsStore } from './products-store.ts'
import { purchasesStore } from './purchases-store.ts'
import { reviewsStore } from './reviews-store.ts'
import { stockStore } from './stock-store.ts'

/** All that the service keeps, by what it is about. */
export type Store = Awaited<ReturnType<typeof openStore>>

/** Opens the service's collections, with their indexes. */
export const openStore = async ({ connection, buildIndexes }: Awaited<ReturnType<Platform['documents']>>) => {
  const models = defineModels(connection)
  await buildIndexes(Object.values(models))
  return {
    products: productsStore(models),
    stock: stockStore(models),
    deliveries: deliveriesStore(models),
    reviews: reviewsStore(models),
    carts: cartsStore(models),
    purchases: purchasesStore(models),
    /** Whether the demo data was written: what people change of it must not come back. */
    isSeeded: async (): Promise<boolean> => (await models.seeds.exists({ _id: 'demo' })) !== null,
    markSeeded: (at: Date): Promise<boolean> => insertNew(models.seeds, { _id: 'demo', at }),
  }
}
