import { findRepeated, insertNew, insertOnce, partsOf } from '../_kit/index.ts'
import type { Part, Repetition } from '../_kit/index.ts'
import type { Failure, Models, PurchaseDocument, PurchaseStatus } from './models.ts'

/** A purchase as its people get it. */
export type PurchaseRecord = Omit<PurchaseDocument, '_id' | 'idempotencyKey' | 'contentHash' | 'deletedAt'> & {
  id: string
}

/** What a step of a purchase changes besides its status. */
export type PurchaseChange = Partial<Pick<PurchaseRecord, 'payment' | 'refund' | 'confirmedAt'>> & {
  /** Null takes an earlier one away. */
  failure?: Failure | null
}

const toPurchase = (document: PurchaseDocument): PurchaseRecord => {
  const { _id: id, idempotencyKey: _key, contentHash: _hash, deletedAt: _deleted, ...rest } = document
  return { id, ...rest }
}

const bought: readonly PurchaseStatus[] = ['CONFIRMED']

/** All reads and writes of purchases. */
export const purchasesStore = ({ purchases }: Pick<Models, 'purchases'>) => {
  const newest = partsOf(purchases, 'createdAt', 'newest')

  return {
    /** Writes a purchase once for each key of its buyer. */
    insert: async (
      document: PurchaseDocument,
      repetition: Repetition,
    ): Promise<{ purchase: PurchaseRecord; created: boolean }> => {
      const { row, created } = await insertOnce(purchases, 'buyer', document, repetition)
      return { purchase: toPurchase(row), created }
    },

    insertIfNew: (document: PurchaseDocument): Promise<boolean> => insertNew(purchases, document),

    /** What a person asked for with the same key before; null when nothing. CONFLICT when it was something else. */
    repeated: async (buyer: string, repetition: Repetition): Promise<PurchaseRecord | null> => {
      const found = await findRepeated(purchases, 'buyer', buyer, repetition)
      return found && toPurchase(found)
    },

    byIds: async (ids: readonly string[]): Promise<PurchaseRecord[]> =>
      (await purchases.find({ _id: { $in: [...ids] } }).lean<PurchaseDocument[]>()).map(toPurchase),

    byPayments: async (ids: readonly string[]): Promise<PurchaseRecord[]> =>
      (await purchases.find({ payment: { $in: [...ids] } }).lean<PurchaseDocument[]>()).map(toPurchase),

    /** A part of what a person bought, or sold; newest first. */
    of: async (side: 'buyer' | 'seller', person: string, part: Part): Promise<PurchaseRecord[]> =>
      (await newest({ [side]: person }, part)).map(toPurchase),

    /** Whether a person has bought a product, and not cancelled that. */
    hasBought: async (buyer: string, product: string): Promise<boolean> =>
      (await purchases.exists({ buyer, 'lines.product': product, status: { $in: [...bought] } })) !== null,

    /**
     * Takes a purchase from one status to the next; `workAt` is when somebody has to look after it again. Null when
     * somebody else was faster.
     */
    advance: async (
      { id, status }: Pick<PurchaseRecord, 'id' | 'status'>,
      next: { status: PurchaseStatus; updatedAt: Date; workAt: Date } & PurchaseChange,
    ): Promise<PurchaseRecord | null> => {
      const { failure, ...set } = next
      const change = failure === null ? { $set: set, $unset: { failure: 1 } } : { $set: next }
      const advanced = await purchases
        .findOneAndUpdate({ _id: id, status }, change, { returnDocument: 'after' })
        .lean<PurchaseDocument>()
      return advanced && toPurchase(advanced)
    },

    /** Lets a purchase rest in its status until an instant. */
    postpone: async ({ id, status }: Pick<PurchaseRecord, 'id' | 'status'>, workAt: Date): Promise<void> => {
      await purchases.updateOne({ _id: id, status, workAt: { $exists: true } }, { $set: { workAt } })
    },

    /** Says that there is nothing left to do for a purchase in its status. */
    rest: async ({ id, status }: Pick<PurchaseRecord, 'id' | 'status'>): Promise<void> => {
      await purchases.updateOne({ _id: id, status }, { $unset: { workAt: 1 } })
    },

    /** Takes the purchase that has waited longest for somebody to look after it, until an instant; null when none has. */
    takeDue: async (now: Date, until: Date): Promise<PurchaseRecord | null> => {
      const taken = await purchases
        .findOneAndUpdate({ workAt: { $lte: now } }, { $set: { workAt: until } }, { sort: { workAt: 1 } })
        .lean<PurchaseDocument>()
      return taken && toPurchase(taken)
    },
  }
}
