import { stringifyDocument } from '@urql/core'
import { useEffect, useState } from 'react'
import { BookUpdatesDocument } from '../.generated/market.ts'
import type { BookUpdatesSubscription } from '../.generated/market.ts'
import { useLive } from '../client/provider.tsx'
import type { Live } from '../client/live.ts'
import { applyUpdate } from './book.ts'
import type { Book } from './book.ts'

const query = stringifyDocument(BookUpdatesDocument)

// After a gap or an error, so that a stream that is broken for good does not make a storm of subscriptions.
const againMs = 1_000

/**
 * Follows the book of an instrument until the returned function is called. It calls back with the newest book once a
 * frame at most, however many updates arrive, and with undefined while the book is not known. A gap in the sequence
 * numbers begins the stream again, with a snapshot. The stream stands outside of the cache: nothing else reads it, and a
 * busy book would only churn there.
 */
const followBook = (live: Live, symbol: string, onBook: (book: Book | undefined) => void): (() => void) => {
  let book: Book | undefined
  let stop = (): void => undefined
  let again: ReturnType<typeof setTimeout> | undefined
  let frame: number | undefined
  let ended = false

  const show = (): void => {
    frame ??= requestAnimationFrame(() => {
      frame = undefined
      onBook(book)
    })
  }
  const restart = (): void => {
    stop()
    clearTimeout(again)
    if (!ended) again = setTimeout(begin, againMs)
  }
  const begin = (): void => {
    stop = live.subscribe(
      { query, variables: { symbol }, operationName: 'BookUpdates' },
      {
        next: (result) => {
          const update = (result.data as BookUpdatesSubscription | null | undefined)?.orderBook
          if (!update) return
          book = applyUpdate(book, update)
          show()
          if (book === undefined) restart()
        },
        error: restart,
        complete: restart,
      },
    )
  }
  begin()
  return () => {
    ended = true
    clearTimeout(again)
    if (frame !== undefined) cancelAnimationFrame(frame)
    stop()
  }
}

/** The live book of an instrument; undefined until it is known. */
export const useBook = (symbol: string): Book | undefined => {
  const live = useLive()
  const [known, setKnown] = useState<{ readonly symbol: string; readonly book: Book | undefined }>()
  useEffect(() => followBook(live, symbol, (book) => setKnown({ symbol, book })), [live, symbol])
  return known?.symbol === symbol ? known.book : undefined
}
