import { describe, expect, it } from 'vitest'
import { decimal, toText } from '../shared/decimal.ts'
import { accumulate, applyUpdate, estimateMarket } from './book.ts'
import type { Book, BookUpdate, Level } from './book.ts'

const levels = (...pairs: [string, string][]) => pairs.map(([price, quantity]) => ({ price, quantity }))

const snapshot: BookUpdate = {
  kind: 'SNAPSHOT',
  sequence: 7,
  bids: levels(['99.5', '2'], ['100', '1'], ['98', '5']),
  asks: levels(['102', '3'], ['101', '0.5']),
}

const change = (sequence: number, bids: [string, string][], asks: [string, string][] = []): BookUpdate => ({
  kind: 'CHANGE',
  sequence,
  bids: levels(...bids),
  asks: levels(...asks),
})

const shown = (side: readonly Level[] | undefined): string[] =>
  (side ?? []).map((level) => `${toText(level.price)}x${toText(level.quantity)}`)

const after = (...updates: BookUpdate[]): Book | undefined => {
  let book: Book | undefined
  for (const update of updates) book = applyUpdate(book, update)
  return book
}

describe('an order book', () => {
  it('begins with a snapshot, the best prices first', () => {
    expect(shown(after(snapshot)?.bids)).toEqual(['100x1', '99.5x2', '98x5'])
    expect(shown(after(snapshot)?.asks)).toEqual(['101x0.5', '102x3'])
  })

  it('adds, replaces and removes levels where they belong', () => {
    const book = after(
      snapshot,
      change(8, [
        ['99', '4'],
        ['100', '0.25'],
      ]),
      change(9, [['99.50', '0']], [['101.5', '1']]),
    )
    expect(shown(book?.bids)).toEqual(['100x0.25', '99x4', '98x5'])
    expect(shown(book?.asks)).toEqual(['101x0.5', '101.5x1', '102x3'])
    expect(book?.sequence).toBe(9)
  })

  it('orders prices as numbers and not as words', () => {
    const book = after({ ...snapshot, asks: levels(['1000', '1'], ['999', '1'], ['99.9', '1']) })
    expect(shown(book?.asks)).toEqual(['99.9x1', '999x1', '1000x1'])
  })

  it('is unknown after a gap, until the next snapshot', () => {
    expect(after(snapshot, change(9, [['100', '0']]))).toBeUndefined()
    expect(after(snapshot, change(9, []), change(10, []))).toBeUndefined()
    expect(after(snapshot, change(9, []), { ...snapshot, sequence: 30 })?.sequence).toBe(30)
  })

  it('is unknown when changes come before any snapshot', () => {
    expect(after(change(1, [['100', '1']]))).toBeUndefined()
  })

  it('takes no notice of an update that it has seen', () => {
    expect(shown(after(snapshot, change(7, [['100', '0']]))?.bids)).toContain('100x1')
  })

  it('forgets a level that never was without complaint', () => {
    expect(shown(after(snapshot, change(8, [['50', '0']]))?.bids)).toHaveLength(3)
  })

  it('tells what a market order would cost, level by level', () => {
    const book = after(snapshot)
    if (book === undefined) throw new Error('no book')
    const { filled, total } = estimateMarket(book, 'BUY', decimal('1.5'))
    expect(toText(filled)).toBe('1.5')
    expect(toText(total)).toBe('152.5')
    expect(toText(estimateMarket(book, 'SELL', decimal('100')).filled)).toBe('8')
  })

  it('sums the depth from the best price on', () => {
    expect(accumulate(after(snapshot)?.bids ?? [], 2).map((level) => toText(level.sum))).toEqual(['1', '3'])
  })
})
