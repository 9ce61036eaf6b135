import { codedError } from '@codai/runtime'
import { Prisma } from '../.generated/prisma/client.ts'
import type { PrismaClient } from '../.generated/prisma/client.ts'

// Shorter than the pool's own patience, so that being busy is told from being broken.
const maxWaitMs = 14_000
const timeoutMs = 15_000

/**
 * Runs a transaction that locks the rows on which it decides, so that READ COMMITTED is enough.
 * UNAVAILABLE when no connection gets free in time; `what` completes "… busy": "The ledger is".
 */
export const transact = async <Result>(
  client: PrismaClient,
  what: string,
  work: (tx: Prisma.TransactionClient) => Promise<Result>,
): Promise<Result> => {
  try {
    return await client.$transaction(work, { isolationLevel: 'ReadCommitted', maxWait: maxWaitMs, timeout: timeoutMs })
  } catch (cause) {
    const isBusy = cause instanceof Prisma.PrismaClientKnownRequestError && cause.code === 'P2028'
    if (!isBusy) throw cause
    throw codedError('UNAVAILABLE', `${what} busy. Try again with the same idempotency key.`, { cause })
  }
}
