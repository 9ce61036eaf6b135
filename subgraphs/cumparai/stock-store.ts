import type { Models } from './models.ts'

/** A change of stock: of a product, by what (a purchase, a delivery), and how many pieces. */
export type StockChange = { product: string; id: string; quantity: number }

/**
 * Changes of stock, each of which happens once however often and by whomever it is asked for: what was moved is written
 * into the product together with its stock, under the id of the movement.
 */
export const stockStore = ({ products }: Pick<Models, 'products'>) => {
  const takenBy = ({ product, id }: StockChange) => ({
    _id: product,
    movements: { $elemMatch: { id, state: 'TAKEN' as const } },
  })
  const untouchedBy = ({ product, id }: StockChange) => ({ _id: product, 'movements.id': { $ne: id } })

  const takeBack = async (change: StockChange): Promise<boolean> => {
    const { matchedCount } = await products.updateOne(takenBy(change), {
      $inc: { stock: change.quantity },
      $set: { 'movements.$.state': 'RETURNED' },
    })
    return matchedCount === 1
  }

  const returned = async (change: StockChange, added: number): Promise<void> => {
    const { id, quantity } = change
    await products.updateOne(untouchedBy(change), {
      $inc: { stock: added },
      $push: { movements: { id, quantity, state: 'RETURNED' } },
    })
  }

  return {
    /** Takes pieces out of stock; false when there are too few, or when they were given back already. */
    take: async (change: StockChange): Promise<boolean> => {
      const { id, quantity } = change
      await products.updateOne(
        { ...untouchedBy(change), stock: { $gte: quantity }, status: 'LISTED' },
        { $inc: { stock: -quantity }, $push: { movements: { id, quantity, state: 'TAKEN' } } },
      )
      return (await products.exists(takenBy(change))) !== null
    },

    /** Gives back what was taken, if anything was; whoever is late takes nothing any more. For what is under way. */
    giveBack: async (change: StockChange): Promise<void> => {
      if (await takeBack(change)) return
      await returned(change, 0)
      // It may have been taken between the two.
      await takeBack(change)
    },

    /** Puts pieces into stock: a delivery, or what was taken by something that is finished. */
    put: async (change: StockChange): Promise<void> => {
      if (await takeBack(change)) return
      await returned(change, change.quantity)
    },

    /** Forgets a movement that ended in a state, when nobody repeats it any more. */
    forget: async ({ product, id }: StockChange, state: 'TAKEN' | 'RETURNED'): Promise<void> => {
      await products.updateOne({ _id: product }, { $pull: { movements: { id, state } } })
    },
  }
}
