import type { CurrencyCode } from '../_kit/index.ts'
import { ledgerActor } from './actor.ts'
import type { Booking, Bookings } from './booking.ts'
import { movementOf } from './movement.ts'
import { outsideAccount } from './transfers.ts'

/** Something of the past: its id, which is its idempotency key too, and when it happened. */
export type Past = { id: string; at: Date }

/**
 * Writes what happened before the ledger ran: like the operations that people call, but with ids and instants of its own
 * and without limits. Only for demo data. Each thing is written once, however often it is told.
 */
export const createHistory = (bookings: Bookings) => {
  const once = (
    operation: string,
    { id, at }: Past,
    content: unknown,
    work: (booking: Booking) => Promise<void>,
  ): Promise<string> => bookings.once({ actor: ledgerActor, key: id, operation, content, history: { id, at } }, work)

  return {
    /** Opens an account. */
    account: (past: Past, account: { ownerId: string; name: string; currency: CurrencyCode }) =>
      once('history.account', past, account, (booking) =>
        booking.insertAccount({
          ...account,
          id: past.id,
          balance: 0n,
          held: 0n,
          version: 0n,
          createdAt: past.at,
          changedAt: past.at,
        }),
      ),

    /** Pays money in from outside. */
    deposit: (past: Past, { to, currency, amount }: { to: string; currency: CurrencyCode; amount: bigint }) =>
      once('history.deposit', past, { to, currency, amount }, async (booking) => {
        const outside = outsideAccount(currency)
        const book = await booking.open([outside, to])
        const leg = { from: book.position(outside), to: book.position(to), amount }
        book.move(outside, to, amount)
        const details = { id: past.id, kind: 'DEPOSIT' as const, memo: null, key: past.id, at: book.at }
        await booking.close(book, movementOf([leg], { ...details, actor: ledgerActor }))
      }),

    /** Moves money between accounts. */
    transfer: (past: Past, { from, to, amount, memo }: { from: string; to: string; amount: bigint; memo: string }) =>
      once('history.transfer', past, { from, to, amount, memo }, async (booking) => {
        const book = await booking.open([from, to])
        const leg = { from: book.position(from), to: book.position(to), amount }
        book.move(from, to, amount)
        const details = { id: past.id, kind: 'TRANSFER' as const, memo, key: past.id, at: book.at }
        await booking.close(book, movementOf([leg], { ...details, actor: ledgerActor }))
      }),

    /** Sets money aside, and gives it back at once when nothing of it is captured: a hold that has ended. */
    hold: (past: Past, { account, amount, reason }: { account: string; amount: bigint; reason: string }) =>
      once('history.hold', past, { account, amount, reason }, async (booking) => {
        const book = await booking.open([account])
        const { ownerId, currency } = book.position(account)
        book.authorize({
          id: past.id,
          accountId: account,
          ownerId: ownerId ?? '',
          currency,
          amount,
          captured: 0n,
          status: 'ACTIVE',
          reason,
          service: null,
          expiresAt: null,
          createdAt: book.at,
        })
        book.release(past.id)
        await booking.close(book)
      }),
  }
}

/** The past of the ledger. */
export type History = ReturnType<typeof createHistory>
