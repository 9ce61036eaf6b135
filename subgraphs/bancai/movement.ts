import type { NewEvent } from '@codai/stores'
import { fromMinor } from '../_kit/index.ts'
import type { Actor } from './actor.ts'
import type { Position } from './book.ts'
import { remaining } from './hold-state.ts'
import type { HoldRecord, TransferKind, TransferRecord } from './records.ts'

/** Money that goes from one account to another. */
export type Leg = { from: Position; to: Position; amount: bigint }

/** A transfer with the legs of which it consists. */
export type Movement = { transfer: TransferRecord; legs: readonly Leg[] }

const theOnly = <Value>(values: Iterable<Value>): Value | undefined => {
  const [first, ...others] = new Set(values)
  return others.length === 0 ? first : undefined
}

/** The transfer that legs make together: what is not the same in all of them, it does not have. */
export const movementOf = (
  legs: readonly Leg[],
  details: { id: string; kind: TransferKind; memo: string | null; actor: Actor; key: string; at: Date },
): Movement => {
  const { id, kind, memo, actor, key, at } = details
  const currency = theOnly(legs.map(({ from }) => from.currency)) ?? null
  const owners = legs.flatMap(({ from, to }) => [from.ownerId, to.ownerId]).filter((owner) => owner !== null)
  const transfer: TransferRecord = {
    id,
    kind,
    // Money from outside comes from an account of the system, which nobody can look at.
    fromId: theOnly(legs.map(({ from }) => (from.ownerId === null ? null : from.id))) ?? null,
    toId: theOnly(legs.map(({ to }) => to.id)) ?? null,
    amount: currency === null ? null : legs.reduce((sum, { amount }) => sum + amount, 0n),
    currency,
    memo,
    partyIds: [...new Set(owners)],
    actor: actor.key,
    idempotencyKey: key,
    createdAt: at,
  }
  return { transfer, legs }
}

const end = ({ id, ownerId }: Position): { accountId: string; ownerId: string | null } => ({ accountId: id, ownerId })

/** Told to other services when a transfer is booked. */
export const transferBooked = ({ transfer, legs }: Movement): NewEvent => ({
  type: 'bancai.transferBooked',
  key: transfer.id,
  payload: {
    transferId: transfer.id,
    kind: transfer.kind,
    memo: transfer.memo,
    bookedAt: transfer.createdAt.toISOString(),
    legs: legs.map(({ from, to, amount }) => ({
      from: end(from),
      to: end(to),
      amount: fromMinor(amount, from.currency),
    })),
  },
})

/** Told to other services when a hold is authorised, captured, released or expires. */
export const holdChanged = (hold: HoldRecord): NewEvent => ({
  type: 'bancai.holdChanged',
  key: hold.id,
  payload: {
    holdId: hold.id,
    accountId: hold.accountId,
    ownerId: hold.ownerId,
    service: hold.service,
    status: hold.status,
    amount: fromMinor(hold.amount, hold.currency),
    captured: fromMinor(hold.captured, hold.currency),
    remaining: fromMinor(remaining(hold), hold.currency),
  },
})
