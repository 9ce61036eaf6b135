import { codedError, fromMinor, notFound } from '../_kit/index.ts'
import type { CurrencyCode } from '../_kit/index.ts'
import { isDue, remaining } from './hold-state.ts'
import type { EntryRecord, HoldRecord, HoldStatus } from './records.ts'

/** What an account holds, as the ledger locks it. Without an owner it is the system's, and may go below zero. */
export type Position = {
  id: string
  ownerId: string | null
  name: string
  currency: CurrencyCode
  balance: bigint
  held: bigint
  /** The number of changes so far. */
  version: bigint
  createdAt: Date
  /** When it last changed. */
  changedAt: Date
}

/** One step of an account: what it holds after it, and the entry that made the step, if one did. */
export type Change = {
  accountId: string
  sequence: bigint
  entryId: string | null
  balance: bigint
  held: bigint
  createdAt: Date
}

/** All that a transaction of the ledger writes. */
export type Outcome = {
  positions: Position[]
  entries: Omit<EntryRecord, 'transferId'>[]
  changes: Change[]
  openedHolds: HoldRecord[]
  changedHolds: HoldRecord[]
}

/** The locked part of the ledger, on which a transaction works in memory before it writes. */
export type Book = {
  /** The instant of the transaction: never before an earlier change of the accounts, whatever the clocks say. */
  at: Date
  /** The position of an account; NOT_FOUND when it was not locked or does not exist. */
  position(accountId: string): Position
  /** A hold as it is now; undefined when it was not loaded or does not exist. */
  hold(holdId: string): HoldRecord | undefined
  /** Moves available money. INSUFFICIENT_FUNDS when there is too little. */
  move(fromId: string, toId: string, amount: bigint): void
  /** Sets available money aside. INSUFFICIENT_FUNDS when there is too little. */
  authorize(hold: HoldRecord): void
  /** Moves held money. CONFLICT when the hold has ended or has too little left. */
  capture(holdId: string, toId: string, amount: bigint): void
  /** Gives back what is left of a hold; an ended hold stays as it is. */
  release(holdId: string): void
  outcome(): Outcome
}

/** A book over locked positions. Holds among the given ones whose time has run out expire at once. */
export const createBook = (options: {
  positions: readonly Position[]
  holds: readonly HoldRecord[]
  now: Date
  newId: () => string
}): Book => {
  const { newId } = options
  const at = new Date(Math.max(options.now.getTime(), ...options.positions.map(({ changedAt }) => changedAt.getTime())))
  const positions = new Map(options.positions.map((position) => [position.id, position]))
  const holds = new Map(options.holds.map((hold) => [hold.id, hold]))
  const entries: Outcome['entries'] = []
  const changes: Change[] = []
  const opened = new Set<string>()
  const changed = new Set<string>()

  const position = (accountId: string): Position => {
    const found = positions.get(accountId)
    if (!found) throw notFound('Account', accountId)
    return found
  }

  const step = (accountId: string, balanceBy: bigint, heldBy: bigint): void => {
    const before = position(accountId)
    const after: Position = {
      ...before,
      balance: before.balance + balanceBy,
      held: before.held + heldBy,
      version: before.version + 1n,
      changedAt: at,
    }
    positions.set(accountId, after)
    const entryId = balanceBy === 0n ? null : newId()
    const { version: sequence, balance, held } = after
    changes.push({ accountId, sequence, entryId, balance, held, createdAt: at })
    if (entryId === null) return
    entries.push({
      id: entryId,
      accountId,
      sequence,
      amount: balanceBy,
      currency: after.currency,
      balanceAfter: balance,
      createdAt: at,
    })
  }

  const requireAvailable = (accountId: string, amount: bigint): void => {
    const { ownerId, balance, held, currency } = position(accountId)
    if (ownerId === null || balance - held >= amount) return
    const available = fromMinor(balance - held, currency)
    throw codedError('INSUFFICIENT_FUNDS', `The account has ${available.amount} ${currency} available.`, { accountId })
  }

  const end = (hold: HoldRecord, status: HoldStatus): void => {
    step(hold.accountId, 0n, -remaining(hold))
    holds.set(hold.id, { ...hold, status })
    changed.add(hold.id)
  }

  for (const hold of options.holds) if (isDue(hold, at)) end(hold, 'EXPIRED')

  return {
    at,
    position,
    hold: (holdId) => holds.get(holdId),

    move: (fromId, toId, amount) => {
      requireAvailable(fromId, amount)
      step(fromId, -amount, 0n)
      step(toId, amount, 0n)
    },

    authorize: (hold) => {
      requireAvailable(hold.accountId, hold.amount)
      step(hold.accountId, 0n, hold.amount)
      holds.set(hold.id, hold)
      opened.add(hold.id)
    },

    capture: (holdId, toId, amount) => {
      const hold = holds.get(holdId)
      if (!hold) throw notFound('Hold', holdId)
      if (hold.status !== 'ACTIVE') {
        throw codedError('CONFLICT', `The hold is ${hold.status}: nothing of it can be captured.`, { holdId })
      }
      if (amount > remaining(hold)) {
        const left = fromMinor(remaining(hold), hold.currency)
        throw codedError('CONFLICT', `The hold has ${left.amount} ${left.currency} left.`, { holdId })
      }
      const captured = hold.captured + amount
      step(hold.accountId, -amount, -amount)
      step(toId, amount, 0n)
      holds.set(holdId, { ...hold, captured, status: captured === hold.amount ? 'CAPTURED' : 'ACTIVE' })
      changed.add(holdId)
    },

    release: (holdId) => {
      const hold = holds.get(holdId)
      if (!hold) throw notFound('Hold', holdId)
      if (hold.status === 'ACTIVE') end(hold, 'RELEASED')
    },

    outcome: () => {
      const touched = new Set(changes.map(({ accountId }) => accountId))
      const all = [...holds.values()]
      return {
        positions: [...positions.values()].filter(({ id }) => touched.has(id)),
        entries,
        changes,
        openedHolds: all.filter(({ id }) => opened.has(id)),
        changedHolds: all.filter(({ id }) => changed.has(id) && !opened.has(id)),
      }
    },
  }
}
