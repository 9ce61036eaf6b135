import { createHash } from 'node:crypto'
import { codedError } from '../_kit/index.ts'
import type { Store } from './store.ts'
import type { WalletRequest, WalletTransaction } from './transaction.ts'

/** A call under an idempotency key. `content` is all of it that has to be the same the next time. */
export type KeyedCall = { actor: string; key: string; operation: string; content: unknown }

/** What came of a call: the id of its result, and whether this call made it or an earlier one. */
export type KeyedResult = { id: string; isNew: boolean }

/** Does what is asked for under an idempotency key once. */
export type Requests = {
  /**
   * Runs a transaction once for each person and key, also when it is asked for many times at once. CONFLICT when the key
   * was used for something else.
   */
  once(call: KeyedCall, work: (tx: WalletTransaction, resultId: string) => Promise<void>): Promise<KeyedResult>
  /** The id of what came of the same call before; undefined when there was none. CONFLICT as above. */
  earlier(call: KeyedCall): Promise<string | undefined>
}

const hashOf = (content: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(content, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)))
    .digest('hex')

const resultOf = (request: WalletRequest, { operation, content }: KeyedCall): string => {
  if (request.operation === operation && request.contentHash === hashOf(content)) return request.resultId
  throw codedError('CONFLICT', 'This idempotency key was used for something else. Choose another one.', {
    field: 'idempotencyKey',
  })
}

/** The calls under idempotency keys. */
export const createRequests = (options: { store: Store; newId: () => string; now: () => Date }): Requests => {
  const { store, newId, now } = options
  return {
    once: (call, work) =>
      store.transact(async (tx) => {
        const { actor, key, operation, content } = call
        const id = newId()
        const request = { actor, key, operation, contentHash: hashOf(content), resultId: id, createdAt: now() }
        const earlier = await tx.claim(request)
        if (earlier) return { id: resultOf(earlier, call), isNew: false }
        await work(tx, id)
        return { id, isNew: true }
      }),
    earlier: async (call) => {
      const request = await store.request(call.actor, call.key)
      return request && resultOf(request, call)
    },
  }
}
