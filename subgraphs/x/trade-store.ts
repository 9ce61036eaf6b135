import type { PrismaClient, Trade } from '../.generated/prisma/client.ts'

/** A trade as it is kept: the price in ticks, the quantity in lots. */
export type TradeRecord = Trade

const party = { select: { holdId: true, targetAccountId: true } } as const
const parties = { makerOrder: party, takerOrder: party } as const

/** What one side of a trade pays from and is paid to. */
export type Party = { holdId: string | null; targetAccountId: string | null }

/** A trade with all that its settlement needs. */
export type TradeToSettle = TradeRecord & { makerOrder: Party; takerOrder: Party }

/** What x keeps of trades. They are written with the log of their book: see book-store.ts. */
export const createTradeStore = (prisma: PrismaClient) => ({
  trades: (ids: readonly string[]): Promise<TradeRecord[]> =>
    prisma.trade.findMany({ where: { id: { in: [...ids] } } }),

  /** An instrument's trades, newest first. */
  tradesOfInstrument: (symbol: string, limit: number, before: bigint | undefined): Promise<TradeRecord[]> =>
    prisma.trade.findMany({
      where: { symbol, ...(before !== undefined && { number: { lt: before } }) },
      orderBy: { number: 'desc' },
      take: limit,
    }),

  /** An order's fills, newest first. */
  tradesOfOrder: (orderId: string, limit: number, before: bigint | undefined): Promise<TradeRecord[]> =>
    prisma.trade.findMany({
      where: {
        OR: [{ makerOrderId: orderId }, { takerOrderId: orderId }],
        ...(before !== undefined && { number: { lt: before } }),
      },
      orderBy: { number: 'desc' },
      take: limit,
    }),

  /** Of the given trades those that are still to settle, in their order. */
  unsettled: (ids: readonly string[]): Promise<TradeToSettle[]> =>
    prisma.trade.findMany({
      where: { id: { in: [...ids] }, settledAt: null },
      include: parties,
      orderBy: { number: 'asc' },
    }),

  /** Trades that are still to settle, oldest first. */
  allUnsettled: (limit: number): Promise<TradeToSettle[]> =>
    prisma.trade.findMany({
      where: { settledAt: null },
      include: parties,
      orderBy: [{ at: 'asc' }, { symbol: 'asc' }, { number: 'asc' }],
      take: limit,
    }),

  markSettled: async (id: string, at: Date): Promise<void> => {
    await prisma.trade.updateMany({ where: { id, settledAt: null }, data: { settledAt: at } })
  },
})
