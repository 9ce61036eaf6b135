import { createHash } from 'node:crypto'
import { codedError } from '../_kit/index.ts'
import type { Store } from './store.ts'
import type { DoorRequest, DoorTransaction } from './transaction.ts'

/** A call under an idempotency key. `content` is all of it that has to be the same the next time. */
export type KeyedCall = { actor: string; key: string; operation: string; content: unknown }

/** What came of a call: the id of its result, and whether this call made it or an earlier one. */
export type KeyedResult = { id: string; isNew: boolean }

/** Does what is asked for under an idempotency key once, also when it is asked for many times at once. */
export type Requests = {
  /** CONFLICT when the key was used for something else. */
  once(call: KeyedCall, work: (tx: DoorTransaction, resultId: string) => Promise<void>): Promise<KeyedResult>
}

const hashOf = (content: unknown): string => createHash('sha256').update(JSON.stringify(content)).digest('hex')

const resultOf = (request: DoorRequest, { operation, content }: KeyedCall): string => {
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
  }
}
