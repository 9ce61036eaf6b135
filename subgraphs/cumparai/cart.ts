import { badInput, codedError, notFound, requireId } from '../_kit/index.ts'
import type { CurrencyCode, Platform } from '../_kit/index.ts'
import type { CartRecord } from './carts-store.ts'
import type { CartLine } from './models.ts'
import type { ProductRecord } from './products-store.ts'
import type { Store } from './store.ts'

const mostPieces = 99
const mostLines = 50

const requireQuantity = (quantity: number): void => {
  if (quantity < 1 || quantity > mostPieces) {
    throw badInput(`A cart has 1 to ${mostPieces} pieces of a product.`, { field: 'quantity' })
  }
}

const without = (lines: readonly CartLine[], product: string): CartLine[] =>
  lines.filter((line) => line.product !== product)

/** The lines with so many pieces of a product, which keeps its place. */
export const withQuantity = (lines: readonly CartLine[], line: CartLine): CartLine[] => {
  requireQuantity(line.quantity)
  const isThere = lines.some(({ product }) => product === line.product)
  if (isThere) return lines.map((other) => (other.product === line.product ? line : other))
  if (lines.length >= mostLines) throw codedError('LIMIT_EXCEEDED', `A cart has at most ${mostLines} products.`)
  return [...lines, line]
}

/** The lines with so many pieces more of a product. */
export const withMore = (lines: readonly CartLine[], line: CartLine): CartLine[] => {
  requireQuantity(line.quantity)
  const before = lines.find(({ product }) => product === line.product)?.quantity ?? 0
  return withQuantity(lines, { ...line, quantity: before + line.quantity })
}

/** The lines without what was bought. What changed after the purchase began is still wanted. */
export const afterPurchase = (lines: readonly CartLine[], bought: ReadonlySet<string>, begun: Date): CartLine[] =>
  lines.filter(({ product, changedAt }) => !bought.has(product) || changedAt > begun)

/** A product of which so many pieces are wanted. */
export type CartLineRecord = { product: ProductRecord; quantity: number }

/** What can be bought together: from one seller, in one currency. */
export type CartPartRecord = { seller: string; currency: CurrencyCode; lines: readonly CartLineRecord[] }

/** What is wanted, by what can be bought together, in the order of the lines. */
export const partsOfCart = (lines: readonly CartLineRecord[]): CartPartRecord[] => {
  const parts = new Map<string, CartPartRecord>()
  for (const line of lines) {
    const { seller, currency } = line.product
    const name = `${currency} ${seller}`
    parts.set(name, { seller, currency, lines: [...(parts.get(name)?.lines ?? []), line] })
  }
  return [...parts.values()]
}

/** What pieces cost together, in minor units. Exact: prices and quantities are limited. */
export const totalOf = (lines: readonly { price: number; quantity: number }[]): number =>
  lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0)

/** What people mean to buy. */
export const createCarts = (store: Store, { now }: Platform) => {
  /** A product that the person may put into the cart. */
  const requireBuyable = async (owner: string, given: string): Promise<string> => {
    const id = requireId('Product', given)
    const [product] = await store.products.byIds([id])
    if (!product) throw notFound('Product', id)
    if (product.seller === owner) throw badInput('You sell this yourself.', { field: 'product' })
    if (product.status !== 'LISTED') throw codedError('CONFLICT', `"${product.title}" is not for sale any more.`)
    return id
  }

  const putWith =
    (rule: typeof withQuantity) =>
    async (owner: string, input: { product: string; quantity: number }): Promise<CartRecord> => {
      requireQuantity(input.quantity)
      const product = await requireBuyable(owner, input.product)
      const changedAt = now()
      const line = { product, quantity: input.quantity, changedAt }
      return store.carts.change(owner, changedAt, (lines) => rule(lines, line))
    }

  return {
    add: putWith(withMore),
    set: putWith(withQuantity),
    remove: (owner: string, product: string): Promise<CartRecord> =>
      store.carts.change(owner, now(), (lines) => without(lines, requireId('Product', product))),
  }
}
