import { Prisma } from '../.generated/prisma/client.ts'
import type { OrderStatus, PrismaClient } from '../.generated/prisma/client.ts'
import { FINAL_STATUSES } from './orders.ts'
import type { OrderRecord } from './orders.ts'

/** A new order, before its funds are held. */
export type NewOrderRow = Omit<
  OrderRecord,
  'filled' | 'notional' | 'status' | 'statusReason' | 'holdId' | 'releasedAt' | 'updatedAt'
>

/** What somebody bought and sold of an instrument so far: lots and ticks × lots. */
export type Turnover = { ownerId: string; symbol: string; side: 'BUY' | 'SELL'; filled: bigint; notional: bigint }

const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002'

const isUnreleased = {
  releasedAt: null,
  holdId: { not: null },
  status: { in: [...FINAL_STATUSES] },
  makerTrades: { none: { settledAt: null } },
  takerTrades: { none: { settledAt: null } },
} satisfies Prisma.OrderWhereInput

/** What x keeps of orders, but for what the book does to them (see book-store.ts). */
export const createOrderStore = (prisma: PrismaClient) => ({
  orders: (ids: readonly string[]): Promise<OrderRecord[]> =>
    prisma.order.findMany({ where: { id: { in: [...ids] } } }),

  order: (id: string): Promise<OrderRecord | null> => prisma.order.findUnique({ where: { id } }),

  orderByKey: (ownerId: string, idempotencyKey: string): Promise<OrderRecord | null> =>
    prisma.order.findUnique({ where: { ownerId_idempotencyKey: { ownerId, idempotencyKey } } }),

  /** A person's orders, newest first. */
  ordersOf: (
    ownerId: string,
    filter: { status?: OrderStatus | undefined; symbol?: string | undefined },
    limit: number,
    after: string | undefined,
  ): Promise<OrderRecord[]> =>
    prisma.order.findMany({
      where: {
        ownerId,
        ...(filter.status !== undefined && { status: filter.status }),
        ...(filter.symbol !== undefined && { symbol: filter.symbol }),
        ...(after !== undefined && { id: { lt: after } }),
      },
      orderBy: { id: 'desc' },
      take: limit,
    }),

  /** A person's orders that the book of an instrument holds. */
  openOrdersOf: (ownerId: string, symbol: string): Promise<OrderRecord[]> =>
    prisma.order.findMany({
      where: { ownerId, symbol, status: { in: ['WAITING', 'OPEN', 'PARTIALLY_FILLED'] } },
    }),

  /** Keeps a new order as PENDING; undefined when the person has used its key already. */
  insertOrder: async (order: NewOrderRow): Promise<OrderRecord | undefined> => {
    try {
      return await prisma.order.create({ data: { ...order, status: 'PENDING', updatedAt: order.createdAt } })
    } catch (error) {
      if (isUniqueViolation(error)) return undefined
      throw error
    }
  },

  /** Forgets an order that never got its funds. */
  removePending: async (id: string): Promise<void> => {
    await prisma.order.deleteMany({ where: { id, status: 'PENDING' } })
  },

  /** Ends an order that will not come into the book. `holdId` is what has to be given back, if anything. */
  rejectPending: async (id: string, reason: string, holdId: string | null, at: Date): Promise<boolean> => {
    const { count } = await prisma.order.updateMany({
      where: { id, status: 'PENDING' },
      data: {
        status: 'REJECTED',
        statusReason: reason,
        holdId,
        updatedAt: at,
        releasedAt: holdId === null ? at : null,
      },
    })
    return count === 1
  },

  /** Orders that were begun before an instant and are still not in the book, oldest first. */
  pendingBefore: (before: Date, limit: number): Promise<OrderRecord[]> =>
    prisma.order.findMany({
      where: { status: 'PENDING', createdAt: { lt: before } },
      orderBy: { createdAt: 'asc' },
      take: limit,
    }),

  /** Orders that ended, whose trades are all settled, and of whose hold something may be left; of the given ones only. */
  unreleased: (ids: readonly string[]): Promise<OrderRecord[]> =>
    prisma.order.findMany({ where: { ...isUnreleased, id: { in: [...ids] } } }),

  /** As `unreleased`, of all, oldest first. */
  allUnreleased: (limit: number): Promise<OrderRecord[]> =>
    prisma.order.findMany({ where: isUnreleased, orderBy: { updatedAt: 'asc' }, take: limit }),

  markReleased: async (id: string, at: Date): Promise<void> => {
    await prisma.order.updateMany({ where: { id, releasedAt: null }, data: { releasedAt: at } })
  },

  /** What people traded of each instrument so far. */
  turnover: async (ownerIds: readonly string[]): Promise<Turnover[]> => {
    const rows = await prisma.order.groupBy({
      by: ['ownerId', 'symbol', 'side'],
      where: { ownerId: { in: [...ownerIds] }, filled: { gt: 0 } },
      _sum: { filled: true, notional: true },
    })
    return rows.map(({ _sum, ...group }) => ({ ...group, filled: _sum.filled ?? 0n, notional: _sum.notional ?? 0n }))
  },
})
