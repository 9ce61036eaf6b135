import { demoPeople, demoWallets, toMinor } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import { totalOf } from './cart.ts'
import type { Service } from './context.ts'
import type { PurchaseLine } from './models.ts'
import { picture } from './pictures.ts'
import { searchable } from './product-drafts.ts'
import { demoProducts } from './seed-products.ts'
import type { DemoProduct } from './seed-products.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000

/** The id of a product of the demo data, by the name in `demoProducts`. */
export const demoProductId = (name: string): string => `01JPR0DVCT${name.padEnd(16, '0')}`

/** Ids of the demo data that tests name. */
export const demoPurchase = '01JDEM0PVRCHASE00000000001'
export const demoReview = `${demoProductId('1AMP')}:${demoPeople.carol.id}`

const priceOf = ({ price }: Pick<DemoProduct, 'price'>): number => Number(toMinor({ amount: price, currency: 'EUR' }))

const seedProduct = async ({ store }: Service, demo: DemoProduct, now: Date): Promise<void> => {
  const { name, seller, title, description, stock, category, tags, pictures, daysAgo, reviews = [] } = demo
  const createdAt = new Date(now.getTime() - daysAgo * dayMs)
  const { words, titleWords } = searchable({ title, description, category, tags })
  await store.products.insertIfNew({
    _id: demoProductId(name),
    seller: demoPeople[seller].id,
    title,
    description,
    price: priceOf(demo),
    currency: 'EUR',
    stock,
    movements: [],
    status: 'LISTED',
    category,
    tags: [...tags],
    imageUrls: pictures.map(([drawing, hue]) => picture(drawing, hue)),
    words,
    titleWords,
    rating: 0,
    reviewCount: 0,
    reviewVersion: 0,
    createdAt,
  })
  await Promise.all(
    reviews.map(([author, rating, text], index) =>
      store.reviews.insertIfNew({
        product: demoProductId(name),
        author: demoPeople[author].id,
        rating,
        text,
        createdAt: new Date(createdAt.getTime() + (index + 1) * 31 * hourMs),
      }),
    ),
  )
  if (reviews.length > 0) await store.reviews.computeRating(demoProductId(name))
}

const lineOf = (name: string, quantity: number): PurchaseLine[] =>
  demoProducts
    .filter((product) => product.name === name)
    .map((product) => ({ product: demoProductId(name), title: product.title, quantity, price: priceOf(product) }))

/**
 * Writes the demo data once: what people change of it stays so. Carol's purchase is written as it is asked for; the shop
 * then carries it through as any other, so that its payment is a real one.
 */
export const seed = async (service: Service, platform: Platform): Promise<void> => {
  const { store } = service
  if (await store.isSeeded()) return
  const now = platform.now()
  await Promise.all(demoProducts.map((product) => seedProduct(service, product, now)))
  const lines = lineOf('B00K', 1)
  await store.purchases.insertIfNew({
    _id: demoPurchase,
    buyer: demoPeople.carol.id,
    seller: demoPeople.ada.id,
    wallet: demoWallets.carol,
    lines,
    currency: 'EUR',
    total: totalOf(lines),
    status: 'PENDING',
    createdAt: now,
    updatedAt: now,
    workAt: now,
  })
  const changedAt = new Date(now.getTime() - 2 * hourMs)
  const wanted = [
    { product: demoProductId('MVG'), quantity: 2, changedAt },
    { product: demoProductId('KEYB0ARD'), quantity: 1, changedAt },
  ]
  await store.carts.change(demoPeople.ada.id, changedAt, (current) => (current.length > 0 ? current : wanted))
  await store.markSeeded(now)
}
