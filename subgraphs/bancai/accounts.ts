import { badInput, codedError, forbidden, requiredText, requireId, requireKey, unauthenticated } from '../_kit/index.ts'
import type { CurrencyCode } from '../_kit/index.ts'
import type { Actor } from './actor.ts'
import type { Booking, Bookings } from './booking.ts'

const mostAccounts = 20

export type NewAccount = {
  name: string
  currency: CurrencyCode
  owner?: string | null | undefined
  idempotencyKey?: string | null | undefined
}

const ownerFor = (actor: Actor, asked: string | undefined): string => {
  if (asked === undefined || asked === actor.userId) {
    if (actor.userId !== undefined) return actor.userId
    if (actor.service === undefined) throw unauthenticated()
    throw badInput('Say whose the account is.', { field: 'owner' })
  }
  if (actor.service === undefined) throw forbidden('Only services may open an account of somebody else.')
  if (actor.userId !== undefined)
    throw forbidden('A service that acts for a person opens accounts of that person only.')
  return requireId('User', asked)
}

/** Opens accounts. */
export const createAccountOpening = (bookings: Bookings, newId: () => string, now: () => Date) => {
  const insert = async (
    booking: Booking,
    id: string,
    ownerId: string,
    account: NewAccount,
    at: Date,
  ): Promise<void> => {
    await booking.lockPerson(ownerId)
    if ((await booking.countAccounts(ownerId)) >= mostAccounts) {
      throw codedError('LIMIT_EXCEEDED', `A person has at most ${mostAccounts} accounts.`)
    }
    const { name, currency } = account
    const empty = { balance: 0n, held: 0n, version: 0n }
    await booking.insertAccount({ id, ownerId, name, currency, ...empty, createdAt: at, changedAt: at })
  }

  return {
    /**
     * Opens an account and answers its id. LIMIT_EXCEEDED at a person's 21st; FORBIDDEN for somebody else's, but for
     * services.
     */
    openAccount: async (actor: Actor, input: NewAccount): Promise<string> => {
      const owner = ownerFor(actor, input.owner ?? undefined)
      const account = { ...input, name: requiredText(input.name, 60, 'name') }
      if (input.idempotencyKey == null) {
        const id = newId()
        await bookings.run((booking) => insert(booking, id, owner, account, now()))
        return id
      }
      const content = { name: account.name, currency: account.currency, owner }
      return bookings.once(
        { actor, key: requireKey(input.idempotencyKey), operation: 'openAccount', content },
        (booking, id) => insert(booking, id, owner, account, now()),
      )
    },
  }
}
