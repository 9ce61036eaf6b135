import type { CombinedError } from '@urql/core'
import { useQuery, useSubscription } from 'urql'
import { InstrumentsDocument, TickersDocument } from '../.generated/market.ts'
import type { MarketInstrumentFragment } from '../.generated/market.ts'

/** An instrument with its ticker. */
export type Instrument = MarketInstrumentFragment

/** Everything that can be traded, with tickers that move. */
export const useMarket = (): {
  readonly instruments: readonly Instrument[]
  readonly loading: boolean
  readonly error: CombinedError | undefined
  readonly reload: () => void
} => {
  const [{ data, fetching, error }, again] = useQuery({ query: InstrumentsDocument })
  // Each event is written to the cache, from where the query above reads it again.
  useSubscription({ query: TickersDocument })
  return {
    instruments: data?.instruments?.edges.map((edge) => edge.node) ?? [],
    loading: fetching,
    error: data?.instruments ? undefined : error,
    reload: () => again({ requestPolicy: 'network-only' }),
  }
}
