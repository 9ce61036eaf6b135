import { actingUser, loader } from '../_kit/index.ts'
import type { ContextOf, LoaderRequest, Platform } from '../_kit/index.ts'
import { createCarts } from './cart.ts'
import { createCashier } from './cashier.ts'
import { createCatalogue } from './catalogue.ts'
import { createCheckout } from './checkout.ts'
import { createLive } from './live.ts'
import { createSaga } from './saga.ts'
import { openStore } from './store.ts'

/** Opens the shop over its collections. */
export const open = async (platform: Platform) => {
  const store = await openStore(await platform.documents())
  const live = createLive(store, platform)
  const cashier = createCashier(platform.peer('wallet'))
  const saga = createSaga({ store, cashier, live }, platform)
  return {
    store,
    live,
    saga,
    now: platform.now,
    carts: createCarts(store, platform),
    catalogue: createCatalogue(store, platform),
    ...createCheckout({ store, cashier, saga }, platform),
  }
}

/** The domain, as `open` gives it. */
export type Service = Awaited<ReturnType<typeof open>>

/** The batched reads of one request. */
export const loaders = ({ store }: Service, request: LoaderRequest) => {
  const viewer = actingUser(request)
  return {
    viewer,
    product: loader(store.products.byIds, ({ id }) => id),
    review: loader(store.reviews.byIds, ({ id }) => id),
    viewerReview: loader(
      async (products) => (viewer === undefined ? [] : store.reviews.by(viewer, products)),
      ({ product }) => product,
    ),
    cart: loader(store.carts.byIds, ({ id }) => id),
    purchase: loader(store.purchases.byIds, ({ id }) => id),
    purchaseOfPayment: loader(store.purchases.byPayments, ({ payment }) => payment ?? ''),
  }
}

/** What resolvers get. */
export type Context = ContextOf<typeof open, typeof loaders>
