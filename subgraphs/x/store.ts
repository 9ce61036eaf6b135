import type { PrismaClient } from '../.generated/prisma/client.ts'
import { createBookStore } from './book-store.ts'
import { createMarketStore } from './market-store.ts'
import { createOrderStore } from './order-store.ts'
import { createTradeStore } from './trade-store.ts'

/** All that x keeps: its orders, its trades, the logs of its books, and what the market shows of them. */
export type Store = ReturnType<typeof createStore>

/** The store over the tables of x. */
export const createStore = (prisma: PrismaClient) => ({
  ...createOrderStore(prisma),
  ...createTradeStore(prisma),
  ...createBookStore(prisma),
  ...createMarketStore(prisma),
})
