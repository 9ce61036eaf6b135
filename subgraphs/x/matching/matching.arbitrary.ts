import * as fc from 'fast-check'
import { createBook } from './book.ts'
import type { Book, BookContents, Depth } from './book.ts'
import type { BookEvent, Command } from './events.ts'
import { execute } from './matching.ts'
import type { NewOrder } from './order.ts'

/** A command before it is known which orders exist: a cancellation names one by its place among those placed. */
type Intent = { place: Omit<NewOrder, 'id'> } | { cancel: number } | { continue: true }

/** Few prices, owners and lots, so that orders meet all the time. */
const price = fc.bigInt({ min: 1n, max: 9n })
const common = {
  ownerId: fc.constantFrom('ana', 'bogdan', 'carmen', 'dan'),
  timeInForce: fc.constantFrom('GTC', 'GTC', 'GTC', 'IOC', 'FOK'),
  quantity: fc.bigInt({ min: 1n, max: 12n }),
} as const
const side = fc.constantFrom('BUY', 'SELL')
const budget = fc.bigInt({ min: 1n, max: 100n })

const newOrder: fc.Arbitrary<Omit<NewOrder, 'id'>> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ ...common, side, type: fc.constant('LIMIT'), price }) },
  { weight: 1, arbitrary: fc.record({ ...common, side: fc.constant('SELL'), type: fc.constant('MARKET') }) },
  { weight: 1, arbitrary: fc.record({ ...common, side: fc.constant('BUY'), type: fc.constant('MARKET'), budget }) },
  { weight: 2, arbitrary: fc.record({ ...common, side, type: fc.constant('STOP'), stopPrice: price, price }) },
  {
    weight: 1,
    arbitrary: fc.record({ ...common, side: fc.constant('SELL'), type: fc.constant('STOP'), stopPrice: price }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ ...common, side: fc.constant('BUY'), type: fc.constant('STOP'), stopPrice: price, budget }),
  },
)

export const intents: fc.Arbitrary<Intent[]> = fc.array(
  fc.oneof(
    { weight: 10, arbitrary: fc.record({ place: newOrder }) },
    { weight: 2, arbitrary: fc.record({ cancel: fc.nat() }) },
    { weight: 1, arbitrary: fc.constant({ continue: true } as const) },
  ),
  { minLength: 1, maxLength: 60, size: 'max' },
)

/** Mostly no limit that matters; sometimes one that cuts every cascade short. */
export const cascadeLimits: fc.Arbitrary<number> = fc.constantFrom(1000, 1000, 2, 1)

export type Step = {
  readonly command: Command
  readonly events: readonly BookEvent[]
  readonly before: Depth
  readonly after: Depth
  readonly contents: BookContents
}

const commandFor = (intent: Intent, book: Book, placed: readonly string[]): Command | undefined => {
  if ('place' in intent) return { type: 'place', order: { ...intent.place, id: `order-${placed.length}` } }
  if ('continue' in intent) return { type: 'continue' }
  const orderId = placed[intent.cancel % Math.max(placed.length, 1)]
  return orderId === undefined || book.order(orderId) === undefined ? undefined : { type: 'cancel', orderId }
}

/** Runs the intents on an empty book; cancellations of orders that are no longer open are left out. */
export const run = (intended: readonly Intent[], cascadeLimit: number): { book: Book; steps: Step[] } => {
  const book = createBook()
  const placed: string[] = []
  const steps: Step[] = []
  for (const intent of intended) {
    const command = commandFor(intent, book, placed)
    if (command === undefined) continue
    if (command.type === 'place') placed.push(command.order.id)
    const before = book.depth()
    const events = execute(book, command, cascadeLimit)
    steps.push({ command, events, before, after: book.depth(), contents: book.contents() })
  }
  return { book, steps }
}
