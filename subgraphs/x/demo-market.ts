import { demoPeople, referenceRates } from '../_kit/index.ts'
import type { InstrumentTerms } from './instruments.ts'
import type { Side } from './matching/order.ts'
import { createUnits } from './units.ts'
import type { CandleRow } from './market-store.ts'

/** What trades in the demo. A tick times a lot is a cent each time. */
export const demoInstruments: readonly InstrumentTerms[] = [
  { symbol: 'BTC-EUR', base: 'BTC', quote: 'EUR', tickSize: '10', lotSize: '0.001' },
  { symbol: 'ETH-EUR', base: 'ETH', quote: 'EUR', tickSize: '1', lotSize: '0.01' },
  { symbol: 'CDX-EUR', base: 'CDX', quote: 'EUR', tickSize: '0.001', lotSize: '10' },
]

type Trader = 'ada' | 'bob' | 'carol' | 'marketMaker'

/** A trade of the demo's past: what the taker did, at the price of that minute. */
export type DemoDeal = {
  symbol: string
  minutesAgo: number
  taker: Trader
  maker: Trader
  takerSide: Side
  quantity: string
}

/** The trades that people remember. */
export const demoDeals: readonly DemoDeal[] = [
  { symbol: 'BTC-EUR', minutesAgo: 2_600, taker: 'ada', maker: 'marketMaker', takerSide: 'BUY', quantity: '0.05' },
  { symbol: 'ETH-EUR', minutesAgo: 1_900, taker: 'bob', maker: 'marketMaker', takerSide: 'BUY', quantity: '1.2' },
  { symbol: 'CDX-EUR', minutesAgo: 1_300, taker: 'carol', maker: 'marketMaker', takerSide: 'BUY', quantity: '500' },
  { symbol: 'BTC-EUR', minutesAgo: 700, taker: 'bob', maker: 'ada', takerSide: 'BUY', quantity: '0.01' },
  { symbol: 'ETH-EUR', minutesAgo: 240, taker: 'ada', maker: 'marketMaker', takerSide: 'BUY', quantity: '0.4' },
]

/** The ids of the orders of a deal, by its place in the list. ULIDs of a time before every real order. */
export const demoOrderIds = (deal: number): { maker: string; taker: string } => ({
  maker: `01J0RDER${deal}MAKER000000000000`,
  taker: `01J0RDER${deal}TAKER000000000000`,
})

/** The person behind a name. */
export const traderId = (trader: Trader): string => demoPeople[trader].id

const MINUTE_MS = 60_000
/** Two days of minutes. */
const MINUTES = 2_880
/** The standard deviation of a minute's return. */
const VOLATILITY = 0.0006

/** Numbers from 0 to 1 that are the same for the same text each time (mulberry32, T. Ettinger 2017). */
const randomFrom = (text: string): (() => number) => {
  let state = Buffer.from(text).reduce((hash, byte) => Math.imul(hash ^ byte, 16_777_619), 2_166_136_261)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A number of the standard normal distribution (Box and Muller, 1958). */
export const gaussian = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/**
 * Two days of one-minute candles that end in this minute at the reference rate: a random walk, the same each time,
 * told backwards from its end.
 */
export const demoCandles = (instrument: InstrumentTerms, now: Date): CandleRow[] => {
  const random = randomFrom(instrument.symbol)
  const reference = Number(createUnits(instrument).ticks(referenceRates[instrument.base]))
  const last = Math.floor(now.getTime() / MINUTE_MS)
  const ticks = (price: number): bigint => BigInt(Math.max(1, Math.round(price)))
  const candles: CandleRow[] = []
  for (let minute = 0, close = reference; minute < MINUTES; minute += 1) {
    const open = close * Math.exp(-VOLATILITY * gaussian(random))
    const reach = reference * VOLATILITY * random() * 0.6
    candles.push({
      start: new Date((last - minute) * MINUTE_MS),
      open: ticks(open),
      high: ticks(Math.max(open, close) + reach),
      low: ticks(Math.min(open, close) - reach),
      close: ticks(close),
      volume: BigInt(5 + Math.floor(random() * random() * 200)),
    })
    close = open
  }
  return candles.toReversed()
}
