import { setTimeout as delay } from 'node:timers/promises'

import { codedError } from '@codai/runtime'

export type TransactionOptions = {
  /** How often the whole function may run before the conflict is given to the caller; 10 by default. */
  attempts?: number
  /** How long to wait for a free connection, in milliseconds; 10 s by default. */
  maxWait?: number
  /** How long one run may take, in milliseconds; 15 s by default. */
  timeout?: number
}

/** What a generated Prisma client gives inside an interactive transaction. */
export type TransactionClient<Client> = Omit<
  Client,
  '$connect' | '$disconnect' | '$on' | '$use' | '$extends' | '$transaction'
>

/** The part of every generated Prisma client that `serializable` uses; which of its overloads, no type can say. */
export type InteractiveClient = { $transaction(...never: never[]): unknown }

type RunTransaction<Client, R> = (
  work: (transaction: TransactionClient<Client>) => Promise<R>,
  settings: { isolationLevel: 'Serializable'; maxWait: number; timeout: number },
) => Promise<R>

const FIRST_BACKOFF_MILLISECONDS = 5
const LONGEST_BACKOFF_MILLISECONDS = 500
const CONFLICT_CODES = new Set(['P2034', '40001', '40P01'])

/**
 * Runs the function in a SERIALIZABLE transaction, and again from its beginning when the database could not order it
 * among its rivals: so it must have no effects but those on the transaction. Between runs it waits a random time of
 * at most 5 ms · 2^n ("full jitter", M. Brooker, Exponential Backoff And Jitter, 2015).
 * @throws CodedError CONFLICT when the last attempt also lost
 */
export async function serializable<Client extends InteractiveClient, R>(
  client: Client,
  work: (transaction: TransactionClient<Client>) => Promise<R>,
  options: TransactionOptions = {},
): Promise<R> {
  const { attempts = 10, maxWait = 10_000, timeout = 15_000 } = options
  const run = client.$transaction.bind(client) as RunTransaction<Client, R>
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run(work, { isolationLevel: 'Serializable', maxWait, timeout })
    } catch (cause) {
      if (!isConflict(cause)) throw cause
      if (attempt >= attempts) {
        throw codedError('CONFLICT', 'Too many others changed the same data at the same time. Try again.', { cause })
      }
      const longest = Math.min(FIRST_BACKOFF_MILLISECONDS * 2 ** attempt, LONGEST_BACKOFF_MILLISECONDS)
      await delay(Math.random() * longest)
    }
  }
}

/** Whether the database gave a transaction up for another's sake: a serialization failure or a deadlock. */
export function isConflict(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  const { code, originalCode, kind, cause, meta } = error as Record<string, unknown>
  if (CONFLICT_CODES.has(String(code)) || CONFLICT_CODES.has(String(originalCode))) return true
  if (kind === 'TransactionWriteConflict') return true
  // Prisma reports raw queries as P2010 and puts the adapter's error, or only its code, into `meta`.
  return isConflict(cause) || isConflict(meta) || isConflict((meta as Record<string, unknown>)?.driverAdapterError)
}
