import { badInput, codedError, fromMinor, notFound, optionalText, requireId, requireKey } from '../_kit/index.ts'
import type { CurrencyCode, Money } from '../_kit/index.ts'
import type { Actor } from './actor.ts'
import type { Book, Position } from './book.ts'
import type { Bookings, LedgerParts } from './booking.ts'
import { amountIn } from './inputs.ts'
import { movementOf } from './movement.ts'
import { worthInEuro } from './rates.ts'
import type { Rates } from './rates.ts'

/** The most that can be paid in, in EUR. */
const depositLimits = { once: 100_000, day: 250_000 }

export type DepositInput = { account: string; amount: Money; idempotencyKey: string }

export type TransferInput = {
  from: string
  to: string
  amount: Money
  memo?: string | null | undefined
  idempotencyKey: string
}

/** The account of the system from which money of a currency comes in. */
export const outsideAccount = (currency: CurrencyCode): string => `outside-${currency.toLowerCase()}`

/** The position of an own account. NOT_FOUND for anybody else's, as if it did not exist. */
export const ownPosition = (book: Book, actor: Actor, accountId: string): Position => {
  const position = book.position(accountId)
  if (position.ownerId === null || position.ownerId !== actor.userId) throw notFound('Account', accountId)
  return position
}

/** The position of an account that gets money. BAD_USER_INPUT for another currency or the same account. */
export const payeePosition = (book: Book, from: Position, to: string): Position => {
  const payee = book.position(to)
  if (payee.ownerId === null) throw notFound('Account', to)
  if (payee.id === from.id) throw badInput('Money goes from one account to another one.', { field: 'to' })
  if (payee.currency !== from.currency) {
    throw badInput(`The account "${to}" is in ${payee.currency}, not in ${from.currency}.`, { field: 'to' })
  }
  return payee
}

const midnight = (instant: Date): Date => new Date(instant.toISOString().slice(0, 10))

const requireWithin = (limit: number, rates: Rates, amounts: ReadonlyMap<CurrencyCode, bigint>, per: string): void => {
  if (worthInEuro(rates, amounts).lte(limit)) return
  throw codedError(
    'LIMIT_EXCEEDED',
    `At most the worth of ${limit.toLocaleString('en')} EUR can be paid in per ${per}.`,
  )
}

/** Moves money that is not held. Each answers the id of the transfer. */
export const createTransfers = (bookings: Bookings, { store, now }: LedgerParts) => ({
  /** Pays money in from outside. LIMIT_EXCEEDED above the worth of 100,000 EUR at once or 250,000 EUR in a day of UTC. */
  deposit: async (actor: Actor, input: DepositInput): Promise<string> => {
    const accountId = requireId('Account', input.account)
    const key = requireKey(input.idempotencyKey)
    const { amount, currency } = input.amount
    const minor = amountIn(currency, input.amount)
    const rates = await store.rates()
    const content = { accountId, currency, minor }
    return bookings.once({ actor, key, operation: 'deposit', content }, async (booking, id) => {
      if (actor.userId !== undefined) await booking.lockPerson(actor.userId)
      const book = await booking.open([outsideAccount(currency), accountId])
      const to = ownPosition(book, actor, accountId)
      amountIn(to.currency, { amount, currency })
      requireWithin(depositLimits.once, rates, new Map([[currency, minor]]), 'deposit')
      const today = new Map(await booking.depositedSince(to.ownerId ?? '', midnight(now())))
      today.set(currency, (today.get(currency) ?? 0n) + minor)
      requireWithin(depositLimits.day, rates, today, 'person and day')
      const from = book.position(outsideAccount(currency))
      book.move(from.id, to.id, minor)
      const details = { id, kind: 'DEPOSIT' as const, memo: null, actor, key, at: book.at }
      await booking.close(book, movementOf([{ from, to, amount: minor }], details))
    })
  },

  /** Moves money from an own account to any account of its currency. INSUFFICIENT_FUNDS when too little is available. */
  transfer: async (actor: Actor, input: TransferInput): Promise<string> => {
    const fromId = requireId('Account', input.from)
    const toId = requireId('Account', input.to)
    const key = requireKey(input.idempotencyKey)
    const memo = optionalText(input.memo, 200, 'memo')
    const { currency } = input.amount
    const minor = amountIn(currency, input.amount)
    const content = { fromId, toId, currency, minor, memo }
    return bookings.once({ actor, key, operation: 'transfer', content }, async (booking, id) => {
      const book = await booking.open([fromId, toId])
      const from = ownPosition(book, actor, fromId)
      amountIn(from.currency, fromMinor(minor, currency))
      const to = payeePosition(book, from, toId)
      book.move(fromId, toId, minor)
      const details = { id, kind: 'TRANSFER' as const, memo, actor, key, at: book.at }
      await booking.close(book, movementOf([{ from, to, amount: minor }], details))
    })
  },
})
