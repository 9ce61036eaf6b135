import { createHash } from 'node:crypto'
import { codedError } from '../_kit/index.ts'
import type { Store } from './store.ts'
import type { CodaiTransaction } from './transaction.ts'

/** A call under an idempotency key. `content` is all of it that has to be the same the next time. */
export type KeyedCall = { actor: string; key: string; operation: string; content: unknown }

/** Does what is asked for under an idempotency key once. */
export type Requests = {
  /**
   * Runs a transaction once for each person and key, also when it is asked for many times at once, and answers the id of
   * what came of it. CONFLICT when the key was used for something else.
   */
  once(call: KeyedCall, work: (tx: CodaiTransaction, resultId: string) => Promise<void>): Promise<string>
}

/** JSON in which equal values look equal, whatever the order in which a client wrote their fields. */
const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, inner]) => [key, canonical(inner)]),
  )
}

const hashOf = (content: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(canonical(content)))
    .digest('hex')

/** The calls under idempotency keys. */
export const createRequests = (options: { store: Store; newId: () => string; now: () => Date }): Requests => {
  const { store, newId, now } = options
  return {
    once: ({ actor, key, operation, content }, work) =>
      store.transact(async (tx) => {
        const resultId = newId()
        const contentHash = hashOf(content)
        const earlier = await tx.claim({ actor, key, operation, contentHash, resultId, createdAt: now() })
        if (!earlier) {
          await work(tx, resultId)
          return resultId
        }
        if (earlier.operation === operation && earlier.contentHash === contentHash) return earlier.resultId
        throw codedError('CONFLICT', 'This idempotency key was used for something else. Choose another one.', {
          field: 'idempotencyKey',
        })
      }),
  }
}
