import type { Prisma } from '../.generated/prisma/client.ts'
import { demoAccounts } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import type { Service } from './context.ts'
import { demoCandles, demoDeals, demoInstruments, demoOrderIds, traderId } from './demo-market.ts'
import type { DemoDeal } from './demo-market.ts'
import { requireWholeAmounts } from './instruments.ts'
import type { InstrumentTerms } from './instruments.ts'
import { createBook } from './matching/book.ts'
import type { Book } from './matching/book.ts'
import { execute } from './matching/matching.ts'
import { forBook } from './orders.ts'
import { outcomeOf } from './outcome.ts'
import type { Transaction } from './book-store.ts'
import type { CandleRow } from './market-store.ts'
import { createUnits } from './units.ts'

const MINUTE_MS = 60_000

type Past = { instrument: InstrumentTerms; book: Book; candles: readonly CandleRow[]; now: Date }

const orderOf = (
  { instrument, candles, now }: Past,
  deal: DemoDeal,
  role: 'maker' | 'taker',
): Prisma.OrderUncheckedCreateInput & { price: bigint; quantity: bigint } => {
  const id = demoOrderIds(demoDeals.indexOf(deal))[role]
  const isBuy = (role === 'taker') === (deal.takerSide === 'BUY')
  const accounts = demoAccounts[deal[role]]
  const at = new Date(now.getTime() - deal.minutesAgo * MINUTE_MS)
  const candle = candles.findLast(({ start }) => start <= at)
  if (candle === undefined) throw new Error(`No candle covers ${deal.minutesAgo} minutes ago.`)
  const quantity = createUnits(instrument).lots(deal.quantity)
  const [pays, gets] = isBuy ? [instrument.quote, instrument.base] : [instrument.base, instrument.quote]
  return {
    id,
    ownerId: traderId(deal[role]),
    symbol: deal.symbol,
    side: isBuy ? 'BUY' : 'SELL',
    type: 'LIMIT',
    timeInForce: 'GTC',
    price: candle.close,
    quantity,
    reserved: isBuy ? candle.close * quantity : quantity,
    status: 'OPEN',
    idempotencyKey: id,
    sourceAccountId: accounts[pays as keyof typeof accounts],
    targetAccountId: accounts[gets as keyof typeof accounts],
    // What happened before the ledger began was paid before it began.
    holdId: id,
    createdAt: at,
    updatedAt: at,
  }
}

/** Lets a deal of the past happen in the book, as any order would, so that its log explains it. */
const replayDeal = async (service: Service, transaction: Transaction, past: Past, deal: DemoDeal): Promise<void> => {
  for (const role of ['maker', 'taker'] as const) {
    const order = await transaction.order.create({ data: orderOf(past, deal, role) })
    const events = execute(past.book, { type: 'place', order: forBook(order) })
    const number = BigInt(past.book.orderSequence())
    await service.store.writeOutcome(transaction, outcomeOf(deal.symbol, events), number, order.createdAt)
  }
}

const seedInstrument = async (service: Service, instrument: InstrumentTerms, now: Date): Promise<void> => {
  requireWholeAmounts(instrument)
  const { symbol } = instrument
  const candles = demoCandles(instrument, now)
  await service.store.transaction(async (transaction) => {
    const createdAt = candles[0]?.start ?? now
    const { count } = await transaction.instrument.createMany({
      data: [{ ...instrument, createdAt }],
      skipDuplicates: true,
    })
    if (count === 0) return
    await service.store.insertCandles(transaction, symbol, candles)
    const past = { instrument, book: createBook(), candles, now }
    for (const deal of demoDeals.filter((candidate) => candidate.symbol === symbol)) {
      await replayDeal(service, transaction, past, deal)
    }
    await transaction.$executeRaw`UPDATE x.trades SET settled_at = at WHERE symbol = ${symbol}`
    await transaction.$executeRaw`
      UPDATE x.orders SET released_at = updated_at WHERE symbol = ${symbol} AND released_at IS NULL`
  })
}

/** Writes the demo instruments with two days of history, once. */
export const seed = async (service: Service, platform: Platform): Promise<void> => {
  const now = platform.now()
  for (const instrument of demoInstruments) await seedInstrument(service, instrument, now)
}
