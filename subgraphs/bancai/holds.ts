import {
  badInput,
  forbidden,
  fromMinor,
  notFound,
  optionalText,
  requiredText,
  requireId,
  requireKey,
} from '../_kit/index.ts'
import type { Money } from '../_kit/index.ts'
import type { Actor } from './actor.ts'
import type { Book } from './book.ts'
import type { Booking, Bookings } from './booking.ts'
import { remaining } from './hold-state.ts'
import { amountIn } from './inputs.ts'
import { movementOf } from './movement.ts'
import type { Leg } from './movement.ts'
import type { HoldRecord } from './records.ts'
import { ownPosition, payeePosition } from './transfers.ts'

const mostLegs = 20

export type AuthorizeHoldInput = {
  account: string
  amount: Money
  reason: string
  expiresAt?: Date | null | undefined
  idempotencyKey: string
}

export type CaptureLegInput = { hold: string; amount?: Money | null | undefined; to: string }

type CaptureDetails = { memo?: string | null | undefined; idempotencyKey: string }
export type CaptureHoldInput = CaptureLegInput & CaptureDetails
export type CaptureHoldsInput = { legs: readonly (CaptureLegInput & { amount: Money })[] } & CaptureDetails

/**
 * A hold that the actor may capture and release: the service that authorised it, or its owner when no service did.
 * NOT_FOUND for who may not even see it, FORBIDDEN for who may.
 */
const ownHold = (book: Book, actor: Actor, holdId: string): HoldRecord => {
  const hold = book.hold(holdId)
  const maySee =
    hold !== undefined && (actor.userId === undefined ? actor.service !== undefined : hold.ownerId === actor.userId)
  if (!maySee) throw notFound('Hold', holdId)
  if (hold.service !== null && hold.service !== actor.service) {
    throw forbidden(`Only ${hold.service}, which authorised the hold, may do this.`)
  }
  if (hold.service === null && hold.ownerId !== actor.userId) throw forbidden('Only the owner of the hold may do this.')
  return hold
}

/** Sets money aside, captures it and gives it back. */
export const createHolds = (bookings: Bookings) => {
  const openHolds = async (booking: Booking, holdIds: readonly string[], payees: readonly string[]): Promise<Book> =>
    booking.open([...(await booking.accountsOfHolds(holdIds)), ...payees], holdIds)

  const captureLeg = (book: Book, actor: Actor, { hold: holdId, amount, to }: CaptureLegInput): Leg => {
    const hold = ownHold(book, actor, holdId)
    const from = book.position(hold.accountId)
    const payee = payeePosition(book, from, to)
    const minor = amount ? amountIn(hold.currency, amount) : remaining(hold)
    book.capture(holdId, to, minor)
    return { from, to: payee, amount: minor }
  }

  const capture = (
    operation: 'captureHold' | 'captureHolds',
    actor: Actor,
    legs: readonly CaptureLegInput[],
    { memo: givenMemo, idempotencyKey }: CaptureDetails,
  ): Promise<string> => {
    const key = requireKey(idempotencyKey)
    const memo = optionalText(givenMemo, 200, 'memo')
    const holdIds = legs.map(({ hold }) => requireId('Hold', hold))
    const payees = legs.map(({ to }) => requireId('Account', to))
    const content = {
      memo,
      legs: legs.map(({ hold, amount, to }) => ({
        hold,
        to,
        ...(amount && { currency: amount.currency, minor: amountIn(amount.currency, amount) }),
      })),
    }
    return bookings.once({ actor, key, operation, content }, async (booking, id) => {
      const book = await openHolds(booking, holdIds, payees)
      const moved = legs.map((leg) => captureLeg(book, actor, leg))
      const kind = operation === 'captureHold' ? 'CAPTURE' : 'SETTLEMENT'
      await booking.close(book, movementOf(moved, { id, kind, memo, actor, key, at: book.at }))
    })
  }

  return {
    /** Sets available money of an own account aside, and answers the id of the hold. */
    authorizeHold: async (actor: Actor, input: AuthorizeHoldInput): Promise<string> => {
      const accountId = requireId('Account', input.account)
      const key = requireKey(input.idempotencyKey)
      const reason = requiredText(input.reason, 200, 'reason')
      const expiresAt = input.expiresAt ?? null
      const { currency } = input.amount
      const minor = amountIn(currency, input.amount)
      const content = { accountId, currency, minor, reason, expiresAt }
      return bookings.once({ actor, key, operation: 'authorizeHold', content }, async (booking, id) => {
        const book = await booking.open([accountId])
        const account = ownPosition(book, actor, accountId)
        amountIn(account.currency, fromMinor(minor, currency))
        // Here and not before the claim: a repeated call finds its hold, also when that has expired since.
        if (expiresAt !== null && expiresAt <= book.at) {
          throw badInput('`expiresAt` has to be in the future.', { field: 'expiresAt' })
        }
        book.authorize({
          id,
          accountId,
          ownerId: account.ownerId ?? '',
          currency,
          amount: minor,
          captured: 0n,
          status: 'ACTIVE',
          reason,
          service: actor.service ?? null,
          expiresAt,
          createdAt: book.at,
        })
        await booking.close(book)
      })
    },

    /** Moves held money of one hold: an amount, or all that is left. Answers the id of the transfer. */
    captureHold: async (actor: Actor, input: CaptureHoldInput): Promise<string> =>
      capture('captureHold', actor, [input], input),

    /** Moves held money of 1 to 20 holds, all or none. Only for services. Answers the id of the transfer. */
    captureHolds: async (actor: Actor, input: CaptureHoldsInput): Promise<string> => {
      if (actor.service === undefined) throw forbidden('Only services of the graph may do this.')
      if (input.legs.length < 1 || input.legs.length > mostLegs) {
        throw badInput(`\`legs\` has 1 to ${mostLegs} parts.`, { field: 'legs' })
      }
      return capture('captureHolds', actor, input.legs, input)
    },

    /** Gives back what is left of a hold. One that has ended stays as it is. */
    releaseHold: (actor: Actor, holdId: string): Promise<string> =>
      bookings.run(async (booking) => {
        const id = requireId('Hold', holdId)
        const book = await openHolds(booking, [id], [])
        ownHold(book, actor, id)
        book.release(id)
        await booking.close(book)
        return id
      }),

    /** Writes down that holds of an account have expired. */
    expireHolds: (accountId: string): Promise<void> =>
      bookings.run(async (booking) => {
        const book = await booking.open([accountId])
        await booking.close(book)
      }),
  }
}
