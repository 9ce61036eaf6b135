import type { Resolvers } from '../.generated/cumparai.ts'
import { ExactDecimal, creationPage, fromMinor, notFound } from '../_kit/index.ts'
import type { Context } from './context.ts'
import type { ProductRecord } from './products-store.ts'

/** A product that something refers to. Products are never removed. */
export const productOf = async ({ loaders }: Context, id: string): Promise<ProductRecord> => {
  const product = await loaders.product.load(id)
  if (!product) throw notFound('Product', id)
  return product
}

/** How products and what is said of them answer. */
export const productResolvers: Pick<Resolvers, 'Product' | 'ProductConnection' | 'PriceFacet' | 'Review'> = {
  Product: {
    __resolveReference: ({ id }, { loaders }) => loaders.product.load(id),
    price: ({ price, currency }) => fromMinor(BigInt(price), currency),
    seller: ({ seller }) => ({ id: seller }),
    tags: ({ tags }) => [...tags],
    imageUrls: ({ imageUrls }) => [...imageUrls],
    rating: ({ rating, reviewCount }) => (reviewCount === 0 ? null : new ExactDecimal(rating).div(10).toFixed(1)),
    reviews: ({ id }, args, { service }) => creationPage(args, (part) => service.store.reviews.ofProduct(id, part)),
    viewerReview: ({ id }, _, { loaders }) => loaders.viewerReview.load(id),
  },

  ProductConnection: {
    totalCount: ({ filter }, _, { service }) => service.store.products.count(filter),
    facets: ({ filter }, _, { service }) => service.store.products.facets(filter),
  },

  PriceFacet: {
    least: ({ least, currency }) => fromMinor(BigInt(least), currency),
    most: ({ most, currency }) => fromMinor(BigInt(most), currency),
  },

  Review: {
    __resolveReference: ({ id }, { loaders }) => loaders.review.load(id),
    product: ({ product }, _, context) => productOf(context, product),
    author: ({ author }) => ({ id: author }),
  },
}
