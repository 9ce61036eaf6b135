import { connection, creationPage } from '../_kit/index.ts'
import type { Connection, ConnectionArguments, Part } from '../_kit/index.ts'
import type { ProductFiltersInput, ProductSort } from '../.generated/cumparai.ts'
import { orderOf, readFilter, sortOf } from './listing.ts'
import type { ProductFilter, ProductPosition, Ranked } from './listing.ts'
import { toProduct } from './products-store.ts'
import type { ProductRecord } from './products-store.ts'
import type { Store } from './store.ts'

/** A page of products, with the filter of the whole list: what is counted is counted only when asked for. */
export type ProductConnectionRecord = Connection<ProductRecord> & { filter: ProductFilter }

type Wanted = ConnectionArguments & {
  search?: string | null | undefined
  filters?: ProductFiltersInput | null | undefined
  sort?: ProductSort | null | undefined
}

/** A page of what is for sale. */
export const productPage = async (args: Wanted, { products }: Store): Promise<ProductConnectionRecord> => {
  const { filter, words } = readFilter(args.search, args.filters)
  const order = orderOf(sortOf(args.sort, words), words)
  const page = await connection<Ranked, ProductPosition, ProductRecord>(args, {
    position: order.position,
    positionOf: order.positionOf,
    fetch: (limit, after) => products.list(filter, order, limit, after),
    node: toProduct,
  })
  return { ...page, filter }
}

/** A page of what a person sells. */
export const sellerPage = async (
  args: ConnectionArguments,
  { products }: Store,
  seller: string,
  withWithdrawn: boolean,
): Promise<ProductConnectionRecord> => {
  const page = await creationPage(args, (part: Part) => products.bySeller(seller, withWithdrawn, part))
  return { ...page, filter: { seller, ...(!withWithdrawn && { status: 'LISTED' }) } }
}
