import { add, decimal, floorTo, multiply, toText, zero } from '../shared/decimal.ts'

type Held = { readonly currency: string; readonly quantity: string; readonly value: { readonly amount: string } | null }

/** The value of a position in EUR: its quantity at the last price, or what the service said where no ticker is known. */
export const positionValue = (held: Held, lastInEur: ReadonlyMap<string, string>): string | undefined => {
  if (held.currency === 'EUR') return held.quantity
  const last = lastInEur.get(held.currency)
  if (last === undefined) return held.value?.amount
  return toText(floorTo(multiply(decimal(held.quantity), decimal(last)), decimal('0.01')))
}

/** The value of all positions together in EUR; it moves with the tickers, between two answers of the service. */
export const portfolioValue = (positions: readonly Held[], lastInEur: ReadonlyMap<string, string>): string => {
  let sum = zero
  for (const position of positions) {
    const value = positionValue(position, lastInEur)
    if (value !== undefined) sum = add(sum, decimal(value))
  }
  return toText(sum)
}

/** The last price in EUR of each asset that is traded against EUR. */
export const pricesInEur = (
  instruments: readonly {
    readonly base: string
    readonly quote: string
    readonly ticker: { readonly last: string | null }
  }[],
): ReadonlyMap<string, string> =>
  new Map(
    instruments.flatMap(({ base, quote, ticker }) =>
      quote === 'EUR' && ticker.last !== null ? [[base, ticker.last] as const] : [],
    ),
  )
