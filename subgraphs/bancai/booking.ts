import { createHash } from 'node:crypto'
import { codedError } from '../_kit/index.ts'
import { createBook } from './book.ts'
import type { Book } from './book.ts'
import type { Actor } from './actor.ts'
import { holdChanged, transferBooked } from './movement.ts'
import type { Movement } from './movement.ts'
import type { Store } from './store.ts'
import type { LedgerTransaction } from './transaction.ts'

/** What the operations of the ledger need from outside. */
export type LedgerParts = {
  store: Store
  newId: () => string
  now: () => Date
  /** Told, after the commit, which accounts changed. */
  announce: (accountIds: readonly string[]) => Promise<void>
}

/** A call under an idempotency key. `content` is all of it that has to be the same the next time. */
export type Request = {
  actor: Actor
  key: string
  operation: string
  content: unknown
  /** Only for what was long before the ledger ran: the id of what comes of it, and when it happened. */
  history?: { id: string; at: Date }
}

/** One transaction of the ledger. */
export type Booking = LedgerTransaction & {
  /** Locks accounts, and loads holds of theirs. */
  open(accountIds: readonly string[], holdIds?: readonly string[]): Promise<Book>
  /** Writes what was done in the book, with the transfer that its movements make, and publishes it. */
  close(book: Book, movement?: Movement): Promise<void>
}

/** Runs transactions of the ledger. */
export type Bookings = {
  /** Runs a transaction, at an instant other than now only for history, and then announces the accounts that it changed. */
  run<Result>(work: (booking: Booking) => Promise<Result>, at?: Date): Promise<Result>
  /**
   * Runs a transaction once for each actor and key, also when it is asked for many times at once, and answers the id of
   * what came of it. CONFLICT when the key was used for something else.
   */
  once(request: Request, work: (booking: Booking, resultId: string) => Promise<void>): Promise<string>
}

const hashOf = (content: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(content, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)))
    .digest('hex')

/** The transactions of a ledger. */
export const createBookings = ({ store, newId, now, announce }: LedgerParts): Bookings => {
  const run: Bookings['run'] = async (work, at) => {
    const present = (): Date => at ?? now()
    const touched = new Set<string>()
    const result = await store.transact((tx) =>
      work({
        ...tx,
        open: async (accountIds, holdIds = []) => {
          const positions = await tx.lockAccounts(accountIds)
          const holding = positions.filter(({ held }) => held > 0n).map(({ id }) => id)
          const holds = holding.length + holdIds.length === 0 ? [] : await tx.holds(holdIds, holding, present())
          return createBook({ positions, holds, now: present(), newId })
        },
        close: async (book, movement) => {
          const outcome = book.outcome()
          await tx.write(outcome, movement?.transfer)
          if (movement) await tx.publish(transferBooked(movement))
          for (const hold of [...outcome.openedHolds, ...outcome.changedHolds]) await tx.publish(holdChanged(hold))
          for (const { id } of outcome.positions) touched.add(id)
        },
      }),
    )
    if (touched.size > 0) await announce([...touched])
    return result
  }

  return {
    run,
    once: ({ actor, key, operation, content, history }, work) =>
      run(async (booking) => {
        const resultId = history?.id ?? newId()
        const contentHash = hashOf(content)
        const createdAt = history?.at ?? now()
        const earlier = await booking.claim({ actor: actor.key, key, operation, contentHash, resultId, createdAt })
        if (earlier === undefined) {
          await work(booking, resultId)
          return resultId
        }
        if (earlier.operation === operation && earlier.contentHash === contentHash) return earlier.resultId
        throw codedError('CONFLICT', 'This idempotency key was used for something else. Choose another one.', {
          field: 'idempotencyKey',
        })
      }, history?.at),
  }
}
