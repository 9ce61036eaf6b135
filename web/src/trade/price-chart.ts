import { CandlestickSeries, ColorType, createChart, CrosshairMode, HistogramSeries } from 'lightweight-charts'
import type { UTCTimestamp } from 'lightweight-charts'
import type { DrawnCandle } from './candles.ts'

/** The colours of a chart, in a form that a canvas takes. */
export type ChartColours = {
  readonly ground: string
  readonly text: string
  readonly line: string
  readonly up: string
  readonly down: string
}

/** A chart on the page. */
export type PriceChart = {
  /** Shows other candles, the last ones in sight. */
  readonly show: (candles: readonly DrawnCandle[]) => void
  /** Replaces the last candle or adds the next one. */
  readonly update: (candle: DrawnCandle) => void
  readonly colour: (colours: ChartColours) => void
  readonly remove: () => void
}

const options = (colours: ChartColours) => ({
  layout: {
    background: { type: ColorType.Solid, color: colours.ground },
    textColor: colours.text,
    fontFamily: "'Inter Variable', sans-serif",
    fontSize: 11,
  },
  grid: { vertLines: { color: colours.line }, horzLines: { color: colours.line } },
  rightPriceScale: { borderColor: colours.line },
  timeScale: { borderColor: colours.line },
})

/** Draws a chart into an element, which it fills. It has no colours before `colour`. */
export const drawPriceChart = (element: HTMLElement, decimals: number): PriceChart => {
  const chart = createChart(element, {
    autoSize: true,
    crosshair: { mode: CrosshairMode.Normal },
    localization: { locale: navigator.language },
  })
  chart.applyOptions({
    timeScale: { timeVisible: true, secondsVisible: false, rightOffset: 4 },
    handleScroll: { vertTouchDrag: false },
  })
  const price = chart.addSeries(CandlestickSeries, {
    borderVisible: false,
    priceFormat: { type: 'price', precision: decimals, minMove: 10 ** -decimals },
  })
  const volume = chart.addSeries(HistogramSeries, {
    priceScaleId: 'volume',
    priceFormat: { type: 'volume' },
    lastValueVisible: false,
    priceLineVisible: false,
  })
  chart.priceScale('volume').applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } })
  price.priceScale().applyOptions({ scaleMargins: { top: 0.08, bottom: 0.2 } })

  const bar = (candle: DrawnCandle) => ({ ...candle, time: candle.time as UTCTimestamp })
  const amount = (candle: DrawnCandle) => ({ time: candle.time as UTCTimestamp, value: candle.volume })

  const colour = (next: ChartColours): void => {
    chart.applyOptions(options(next))
    price.applyOptions({ upColor: next.up, downColor: next.down, wickUpColor: next.up, wickDownColor: next.down })
    volume.applyOptions({ color: next.line })
  }
  return {
    show(candles) {
      price.setData(candles.map(bar))
      volume.setData(candles.map(amount))
      chart.timeScale().setVisibleLogicalRange({ from: candles.length - 90, to: candles.length + 4 })
    },
    update(candle) {
      price.update(bar(candle))
      volume.update(amount(candle))
    },
    colour,
    remove: () => chart.remove(),
  }
}
