import { randomUUID } from 'node:crypto'
import { codedError } from '@codai/runtime'
import type { Identity } from '@codai/runtime'
import type { Caller } from '../identity.ts'

/** A place for one stream that carries many operations, held for whoever made it. */
export type Reservation = {
  readonly token: string
  readonly owner: string
  readonly expiry: NodeJS.Timeout
  /** How many operations travel on it. */
  operations: number
}

export type Reservations = {
  /** Throws LIMIT_EXCEEDED for a caller who holds too many. */
  readonly make: (caller: Caller) => Reservation
  readonly isOwner: (reservation: Reservation, caller: Caller) => boolean
  /** Somebody came for it. */
  readonly open: (reservation: Reservation) => void
  readonly stop: () => void
}

export type ReservationsOptions = {
  /** Called with the token of a reservation that nobody came for. */
  readonly onExpired: (token: string) => Promise<void>
  /** How long a reservation is held, in milliseconds. */
  readonly holdMs?: number
  /** How many one caller may hold without coming for them. */
  readonly capacity?: number
}

export const createReservations = (options: ReservationsOptions): Reservations => {
  const { onExpired, holdMs = 30_000, capacity = 1_000 } = options
  const waiting = new Set<Reservation>()
  const held = new Map<string, number>()

  const count = (owner: string, by: number): void => {
    const now = (held.get(owner) ?? 0) + by
    if (now === 0) held.delete(owner)
    else held.set(owner, now)
  }

  const open = (reservation: Reservation): void => {
    clearTimeout(reservation.expiry)
    if (waiting.delete(reservation)) count(reservation.owner, -1)
  }

  return {
    make: ({ identity }) => {
      const owner = ownerOf(identity)
      if ((held.get(owner) ?? 0) >= capacity) {
        throw codedError('LIMIT_EXCEEDED', `You may reserve ${capacity} streams; open one of them first.`)
      }
      const token = randomUUID()
      const expire = (): void => {
        open(reservation)
        void onExpired(token)
      }
      const reservation: Reservation = { token, owner, expiry: setTimeout(expire, holdMs), operations: 0 }
      waiting.add(reservation)
      count(owner, 1)
      return reservation
    },
    isOwner: ({ owner }, { identity }) => owner === ownerOf(identity),
    open,
    stop: () => {
      for (const { expiry } of waiting) clearTimeout(expiry)
    },
  }
}

/** A token may be renewed while a stream is open: it is still the same user. */
const ownerOf = (identity: Identity): string => {
  if (identity.kind === 'user') return `user ${identity.userId}`
  return identity.kind === 'anonymous' ? `anonymous ${identity.address ?? ''}` : identity.kind
}
