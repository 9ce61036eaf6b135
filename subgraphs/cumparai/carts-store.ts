import { insertNew } from '../_kit/index.ts'
import type { CartDocument, CartLine, Models } from './models.ts'

/** A cart as its owner gets it. Its id is the owner's. */
export type CartRecord = { id: string; lines: readonly CartLine[]; version: number; updatedAt: Date | null }

/** The cart of somebody who never had anything in it. */
export const emptyCart = (owner: string): CartRecord => ({ id: owner, lines: [], version: 0, updatedAt: null })

const toCart = ({ _id, lines, version, updatedAt }: CartDocument): CartRecord => ({
  id: _id,
  lines,
  version,
  updatedAt,
})

/** All reads and writes of carts. */
export const cartsStore = ({ carts }: Pick<Models, 'carts'>) => {
  const byIds = async (ids: readonly string[]): Promise<CartRecord[]> =>
    (await carts.find({ _id: { $in: [...ids] } }).lean<CartDocument[]>()).map(toCart)

  const replace = async (owner: string, decidedOn: number, next: Omit<CartDocument, '_id'>): Promise<boolean> => {
    if (decidedOn === 0) return insertNew(carts, { _id: owner, ...next })
    const { matchedCount } = await carts.updateOne({ _id: owner, version: decidedOn }, { $set: next })
    return matchedCount === 1
  }

  return {
    byIds,

    /** Changes a cart by a decision on its lines, taken again when somebody else was faster. */
    change: async (
      owner: string,
      updatedAt: Date,
      decide: (lines: readonly CartLine[]) => readonly CartLine[],
    ): Promise<CartRecord> => {
      for (;;) {
        const cart = (await byIds([owner]))[0] ?? emptyCart(owner)
        const lines = [...decide(cart.lines)]
        const next = { lines, version: cart.version + 1, updatedAt }
        if (await replace(owner, cart.version, next)) return { id: owner, ...next }
      }
    },
  }
}
