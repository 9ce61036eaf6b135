import { useEffect, useRef, useState } from 'react'
import { useQuery, useSubscription } from 'urql'
import { CandlesDocument, TradesExecutedDocument } from '../.generated/market.ts'
import type { CandleInterval } from '../.generated/market.ts'
import { useResumed } from '../client/provider.tsx'
import { Segmented } from '../design/segmented.tsx'
import { Failure, Skeleton } from '../design/states.tsx'
import { useColours } from '../design/use-colours.ts'
import { decimalsOf } from '../shared/decimal.ts'
import { addTrade, drawCandle } from './candles.ts'
import type { DrawnCandle } from './candles.ts'
import { drawPriceChart } from './price-chart.ts'
import type { PriceChart } from './price-chart.ts'
import type { Instrument } from './use-market.ts'

const intervals: readonly { readonly value: CandleInterval; readonly label: string }[] = [
  { value: 'ONE_MINUTE', label: '1m' },
  { value: 'FIVE_MINUTES', label: '5m' },
  { value: 'FIFTEEN_MINUTES', label: '15m' },
  { value: 'ONE_HOUR', label: '1h' },
  { value: 'FOUR_HOURS', label: '4h' },
  { value: 'ONE_DAY', label: '1d' },
]

const colourNames = ['surface', 'muted', 'line', 'up', 'down'] as const

/** The candles of an instrument; the last one moves with every trade. Rendered anew for each instrument. */
export const Chart = ({ instrument }: { instrument: Instrument }) => {
  const { symbol, tickSize } = instrument
  const [interval, setInterval] = useState<CandleInterval>('ONE_MINUTE')
  const [{ data, fetching, error, stale }, reload] = useQuery({
    query: CandlesDocument,
    variables: { symbol, interval },
    requestPolicy: 'cache-and-network',
  })
  const element = useRef<HTMLElement>(null)
  const last = useRef<DrawnCandle>(undefined)
  const [chart, setChart] = useState<PriceChart>()
  const { surface, muted, line, up, down } = useColours(colourNames)
  const decimals = decimalsOf(tickSize)

  useEffect(() => {
    if (element.current === null) return undefined
    const drawn = drawPriceChart(element.current, decimals)
    setChart(drawn)
    return () => drawn.remove()
  }, [decimals])

  useEffect(() => {
    chart?.colour({ ground: surface, text: muted, line, up, down })
  }, [chart, surface, muted, line, up, down])

  const candles = data?.instrument?.candles
  useEffect(() => {
    if (candles === undefined) return
    const drawn = candles.map(drawCandle)
    last.current = drawn.at(-1)
    chart?.show(drawn)
  }, [chart, candles])

  const [{ data: event }] = useSubscription({ query: TradesExecutedDocument, variables: { symbol } })
  const trade = event?.tradesExecuted
  useEffect(() => {
    if (!trade) return
    const candle = addTrade(last.current, trade, interval)
    if (candle === undefined || candle === last.current) return
    last.current = candle
    chart?.update(candle)
  }, [chart, trade, interval])

  useResumed(() => reload({ requestPolicy: 'network-only' }))

  return (
    <div className="flex h-full flex-col">
      <div className="flex items-center px-3 pt-3 pb-2">
        <Segmented label="Interval" size="small" value={interval} options={intervals} onChange={setInterval} />
      </div>
      <div className="relative min-h-0 flex-1">
        <figure
          aria-label={`Price chart of ${symbol}`}
          aria-busy={fetching || stale}
          className="absolute inset-0"
          ref={element}
        />
        {candles === undefined && fetching && <Skeleton className="absolute inset-3" />}
        {candles === undefined && error !== undefined && (
          <div className="bg-surface absolute inset-0 grid place-items-center">
            <Failure error={error} onRetry={reload} />
          </div>
        )}
      </div>
    </div>
  )
}
