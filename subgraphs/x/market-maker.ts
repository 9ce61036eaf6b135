import { CodedError } from '@codai/runtime'
import { demoPeople, repeat } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import type { Service } from './context.ts'
import { gaussian } from './demo-market.ts'
import type { InstrumentRecord } from './instruments.ts'
import type { Side } from './matching/order.ts'
import type { OrderRecord } from './orders.ts'
import { nextStep, quotesAround } from './quotes.ts'
import type { Quote } from './quotes.ts'

const STEP_MS = 1_500
const LEASE_MS = 10_000
/** How strongly a step pulls the price back to where the market began, and how far it pushes it, in ticks. */
const REVERSION = 0.0001
const PUSH = 0.4
const CHANGES_A_STEP = 2
const CHANGES_OF_A_THIN_BOOK = 6
const THIN_BOOK = 8
const TAKER_CHANCE = 0.5
const LARGEST_TAKE = 15

/** What the market of one instrument goes by. */
type Market = { instrument: InstrumentRecord; anchor: number; fair: number }

/**
 * Keeps a demo instrument moving until the service stops: one demo person quotes around a price that wanders and comes
 * back, another one takes a little of it now and then. Both trade as everyone does, with funds of their own. One
 * process at a time makes the market of an instrument; the quotes that another one left behind are taken away first.
 */
export const makeMarket = (
  service: Service,
  platform: Platform,
  { symbol, index }: { symbol: string; index: number },
  random: () => number = Math.random,
): void => {
  const { store, exchange, placement } = service
  const { now, newId, logger } = platform
  const holder = newId()
  const maker = demoPeople.marketMaker.id
  const taker = demoPeople.liquidityTaker.id
  let market: Market | undefined
  let leasedUntil = 0
  let isFirst = true

  const hasLease = async (): Promise<boolean> => {
    const instant = now().getTime()
    if (leasedUntil - instant > LEASE_MS / 2) return true
    const until = instant + LEASE_MS
    const taken = await store.takeLease(symbol, holder, new Date(instant), new Date(until))
    leasedUntil = taken ? until : 0
    return taken
  }

  /** Trading is refused now and then, as when a quote was taken before it could be cancelled. The next step sees why. */
  const attempt = async (work: () => Promise<OrderRecord>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof CodedError) || error.code === 'UNAVAILABLE') throw error
      logger.debug({ symbol, code: error.code, reason: error.message }, 'The market maker was refused')
    }
  }

  const place = (person: string, { units }: InstrumentRecord, quote: Quote, timeInForce: 'GTC' | 'IOC') =>
    attempt(() =>
      placement.place(person, {
        symbol,
        side: quote.side,
        type: 'LIMIT',
        timeInForce,
        price: units.price(quote.price),
        quantity: units.quantity(quote.quantity),
        idempotencyKey: newId(),
      }),
    )

  const clear = async (signal: AbortSignal): Promise<void> => {
    for (const person of [maker, taker]) {
      for (const { id } of await store.openOrdersOf(person, symbol)) {
        if (!signal.aborted) await attempt(() => placement.cancel(person, id))
      }
    }
  }

  const open = async (signal: AbortSignal): Promise<Market | undefined> => {
    const instrument = await store.instrument(symbol)
    const last = await store.priceBefore(symbol, now())
    if (instrument === undefined || last === undefined) return undefined
    await clear(signal)
    return { instrument, anchor: Number(last), fair: Number(last) }
  }

  const requote = async ({ instrument, fair }: Market, signal: AbortSignal): Promise<void> => {
    const open = (await store.openOrdersOf(maker, symbol)).flatMap(({ id, side, price }) =>
      price === null ? [] : [{ id, side, price }],
    )
    const most = open.length < THIN_BOOK ? CHANGES_OF_A_THIN_BOOK : CHANGES_A_STEP
    const step = nextStep(quotesAround(fair, random), open, most)
    for (const { id } of step.cancel) if (!signal.aborted) await attempt(() => placement.cancel(maker, id))
    for (const quote of step.place) if (!signal.aborted) await place(maker, instrument, quote, 'GTC')
  }

  const take = async ({ instrument }: Market): Promise<void> => {
    const side: Side = random() < 0.5 ? 'BUY' : 'SELL'
    const best = await exchange.read(symbol, (book) => book.head(side === 'BUY' ? 'SELL' : 'BUY')?.price)
    if (best === undefined) return
    const quantity = BigInt(1 + Math.floor(random() * LARGEST_TAKE))
    await place(taker, instrument, { side, price: best, quantity }, 'IOC')
  }

  repeat(
    platform,
    `market maker of ${symbol}`,
    async (signal) => {
      if (isFirst) {
        isFirst = false
        // The instruments take turns, so that they do not all work in the same moment.
        return (index * STEP_MS) / 3
      }
      if (!(await hasLease())) {
        market = undefined
        return LEASE_MS / 2
      }
      market ??= await open(signal)
      if (market === undefined) return LEASE_MS
      market.fair += REVERSION * (market.anchor - market.fair) + PUSH * gaussian(random)
      await requote(market, signal)
      if (!signal.aborted && random() < TAKER_CHANCE) await take(market)
      return STEP_MS
    },
    async () => {
      const instant = now()
      if (leasedUntil > 0) await store.takeLease(symbol, holder, instant, instant)
    },
  )
}
