import { createBook } from './book.ts'
import type { Book } from './book.ts'
import type { BookEvent, LevelsChanged } from './events.ts'

const assertSameChanges = (book: Book, event: LevelsChanged): void => {
  const rebuilt = book.levelChanges()
  const isSame = rebuilt.length === event.changes.length
  const agrees = event.changes.every((change, index) => {
    const other = rebuilt[index]
    return other?.side === change.side && other.price === change.price && other.quantity === change.quantity
  })
  if (!isSame || !agrees) throw new Error(`The log does not rebuild the levels of sequence ${event.sequence}.`)
}

/**
 * Rebuilds a book from its log: the same orders, priorities, stops and sequences as the book that wrote it. It goes on
 * from `book` when the log begins behind a snapshot; after an error that book is of no use any more.
 * @throws Error when events are missing, repeated or altered, or when the log ends inside a command.
 */
export const replay = (events: Iterable<BookEvent>, book: Book = createBook()): Book => {
  for (const event of events) {
    if (event.type === 'levelsChanged') assertSameChanges(book, event)
    book.apply(event)
  }
  if (book.levelChanges().length > 0 || book.contents().matching !== undefined) {
    throw new Error('The log ends in the middle of a command.')
  }
  return book
}
