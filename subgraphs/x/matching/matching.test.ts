import { describe, expect, it } from 'vitest'
import { createBook } from './book.ts'
import type { Book } from './book.ts'
import type { BookEvent } from './events.ts'
import { tell } from './matching.reference.ts'
import { execute } from './matching.ts'
import type { NewOrder } from './order.ts'
import { replay } from './replay.ts'

const order = (id: string, changes: Partial<NewOrder>): NewOrder => ({
  id,
  ownerId: id,
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: 1n,
  ...changes,
})

/** Places orders one after the other and returns what happened, in words, after the last was accepted. */
const place = (book: Book, ...orders: NewOrder[]): string[] => {
  const told = orders.map((placed) => execute(book, { type: 'place', order: placed }).flatMap(tell))
  return told.at(-1)?.slice(1) ?? []
}

const bookOf = (...orders: NewOrder[]): Book => {
  const book = createBook()
  place(book, ...orders)
  return book
}

const asks = [
  order('cheap', { side: 'SELL', price: 100n, quantity: 2n }),
  order('later', { side: 'SELL', price: 100n, quantity: 2n }),
  order('dear', { side: 'SELL', price: 101n, quantity: 5n }),
]

describe('a limit order', () => {
  it('trades with the best price first, then with the oldest order, and rests with what is left', () => {
    expect(place(bookOf(...asks), order('buyer', { price: 100n, quantity: 5n }))).toEqual([
      'trade cheap buyer 2 at 100',
      'trade later buyer 2 at 100',
      'rest buyer 1 at 100',
    ])
  })

  it('pays the price of the order that was there first', () => {
    expect(place(bookOf(...asks), order('generous', { price: 500n }))).toEqual(['trade cheap generous 1 at 100'])
  })

  it('loses its turn to nobody when part of it is filled', () => {
    const book = bookOf(...asks, order('first', { price: 100n }))
    expect(place(book, order('second', { price: 100n, quantity: 2n }))).toEqual([
      'trade cheap second 1 at 100',
      'trade later second 1 at 100',
    ])
  })

  it('leaves the queue when it is cancelled, and those behind it move up', () => {
    const book = bookOf(...asks)
    execute(book, { type: 'cancel', orderId: 'cheap' })
    expect(place(book, order('buyer', { price: 100n }))).toEqual(['trade later buyer 1 at 100'])
  })

  it('is cancelled for want of funds when its hold was lost', () => {
    const [event] = execute(bookOf(...asks), { type: 'cancel', orderId: 'dear', reason: 'FUNDS' })
    expect(event).toEqual({ type: 'cancelled', orderId: 'dear', reason: 'FUNDS', quantity: 5n })
  })
})

describe('a time in force', () => {
  it('cancels what an immediate-or-cancel order could not fill at once', () => {
    expect(place(bookOf(...asks), order('buyer', { price: 100n, quantity: 9n, timeInForce: 'IOC' }))).toEqual([
      'trade cheap buyer 2 at 100',
      'trade later buyer 2 at 100',
      'cancel buyer 5 IOC_REMAINDER',
    ])
  })

  it('kills a fill-or-kill order that lacks one lot before anything trades', () => {
    const book = bookOf(...asks)
    const before = book.depth()
    expect(place(book, order('buyer', { price: 101n, quantity: 10n, timeInForce: 'FOK' }))).toEqual([
      'cancel buyer 10 FOK_NOT_FILLABLE',
    ])
    expect(book.depth()).toEqual(before)
    expect(place(book, order('lucky', { price: 101n, quantity: 9n, timeInForce: 'FOK' }))).toHaveLength(3)
  })

  it('kills a fill-or-kill order that its own order or its budget stands in the way of', () => {
    const whole = { quantity: 9n, timeInForce: 'FOK' } as const
    expect(place(bookOf(...asks), order('buyer', { ...whole, ownerId: 'dear', price: 101n }))).toEqual([
      'cancel buyer 9 FOK_NOT_FILLABLE',
    ])
    expect(place(bookOf(...asks), order('buyer', { ...whole, type: 'MARKET', budget: 904n }))).toEqual([
      'cancel buyer 9 FOK_NOT_FILLABLE',
    ])
    expect(place(bookOf(...asks), order('buyer', { ...whole, type: 'MARKET', budget: 905n }))).toHaveLength(3)
  })
})

describe('a market order', () => {
  it('takes what is there and never rests', () => {
    expect(place(bookOf(...asks), order('buyer', { type: 'MARKET', quantity: 20n, budget: 10_000n }))).toEqual([
      'trade cheap buyer 2 at 100',
      'trade later buyer 2 at 100',
      'trade dear buyer 5 at 101',
      'cancel buyer 11 MARKET_REMAINDER',
    ])
  })

  it('stops at the last lot that its budget can pay', () => {
    expect(place(bookOf(...asks), order('buyer', { type: 'MARKET', quantity: 20n, budget: 399n }))).toEqual([
      'trade cheap buyer 2 at 100',
      'trade later buyer 1 at 100',
      'cancel buyer 17 FUNDS',
    ])
  })
})

describe('an order that meets its own owner', () => {
  it('keeps the trades it made, loses its remainder and leaves the older order alone', () => {
    const book = bookOf(...asks)
    expect(place(book, order('buyer', { ownerId: 'later', price: 101n, quantity: 9n }))).toEqual([
      'trade cheap buyer 2 at 100',
      'cancel buyer 7 SELF_TRADE_PREVENTION',
    ])
    expect(book.order('later')?.remaining).toBe(2n)
  })
})

describe('a stop order', () => {
  it('waits until a trade reaches its price, then takes its place behind those who rest already', () => {
    const book = bookOf(
      order('stop', { type: 'STOP', stopPrice: 100n, price: 99n }),
      order('resting', { price: 99n }),
      ...asks,
    )
    expect(place(book, order('buyer', { price: 100n }))).toEqual([
      'trade cheap buyer 1 at 100',
      'trigger stop as 7',
      'rest stop 1 at 99',
    ])
    expect(place(book, order('seller', { side: 'SELL', price: 99n }))).toEqual(['trade resting seller 1 at 99'])
  })

  it('fires at once when the last trade is past its price already', () => {
    const book = bookOf(...asks, order('buyer', { price: 100n }))
    expect(place(book, order('stop', { type: 'STOP', stopPrice: 90n, budget: 1000n }))).toEqual([
      'trigger stop as 6',
      'trade cheap stop 1 at 100',
    ])
  })

  it('fires for a price that was passed in the middle of a sweep', () => {
    const book = bookOf(
      order('opening', { price: 105n }),
      order('seller', { side: 'SELL', price: 105n }),
      ...asks,
      order('protect', { side: 'SELL', type: 'STOP', stopPrice: 100n, price: 200n }),
    )
    expect(place(book, order('buyer', { price: 101n, quantity: 5n }))).toEqual([
      'trade cheap buyer 2 at 100',
      'trade later buyer 2 at 100',
      'trade dear buyer 1 at 101',
      'trigger protect as 8',
      'rest protect 1 at 200',
    ])
  })

  it('fires others by its own trades: nearest price first, then oldest, after the command itself', () => {
    const book = bookOf(
      ...asks,
      order('farther', { type: 'STOP', stopPrice: 101n, budget: 1000n }),
      order('nearer', { type: 'STOP', stopPrice: 100n, quantity: 4n, budget: 1000n }),
      order('younger', { type: 'STOP', stopPrice: 100n, budget: 1000n }),
    )
    expect(place(book, order('buyer', { price: 100n }))).toEqual([
      'trade cheap buyer 1 at 100',
      'trigger nearer as 8',
      'trade cheap nearer 1 at 100',
      'trade later nearer 2 at 100',
      'trade dear nearer 1 at 101',
      'trigger younger as 9',
      'trade dear younger 1 at 101',
      'trigger farther as 10',
      'trade dear farther 1 at 101',
    ])
  })

  it('waits for the next command when a cascade reaches its limit, and can still be cancelled meanwhile', () => {
    const stops = ['one', 'two', 'three'].map((id) => order(id, { type: 'STOP', stopPrice: 100n, price: 90n }))
    const book = bookOf(...asks, ...stops)
    const events = execute(book, { type: 'place', order: order('buyer', { price: 100n }) }, 1)
    expect(events.filter((event) => event.type === 'stopTriggered')).toHaveLength(1)
    expect(book.triggeredStops()).toBe(2)
    execute(book, { type: 'cancel', orderId: 'two' }, 0)
    expect(execute(book, { type: 'continue' }).flatMap(tell)).toEqual(['trigger three as 9', 'rest three 1 at 90'])
    expect(book.triggeredStops()).toBe(0)
  })
})

describe('the depth of a book', () => {
  it('adds up the orders of a price, best price first, as deep as asked', () => {
    const book = bookOf(...asks, order('bid', { price: 99n, quantity: 3n }), order('low bid', { price: 98n }))
    expect(book.depth(1)).toEqual({
      sequence: 5,
      bids: [{ price: 99n, quantity: 3n }],
      asks: [{ price: 100n, quantity: 4n }],
    })
    expect(book.depth().asks).toHaveLength(2)
  })

  it('tells each command’s net changes, with zero for a price that is gone', () => {
    const events = execute(bookOf(...asks), { type: 'place', order: order('buyer', { price: 100n, quantity: 5n }) })
    expect(events.at(-1)).toEqual({
      type: 'levelsChanged',
      sequence: 4,
      changes: [
        { side: 'BUY', price: 100n, quantity: 1n },
        { side: 'SELL', price: 100n, quantity: 0n },
      ],
    })
  })
})

describe('a command that cannot be carried out', () => {
  it.each<[string, Partial<NewOrder>, string]>([
    ['no lots', { price: 1n, quantity: 0n }, 'quantity'],
    ['a price of zero', { price: 0n }, 'price'],
    ['a limit order without a price', {}, 'price'],
    ['a market order with a price', { type: 'MARKET', price: 1n, budget: 1n }, 'price'],
    ['a stop order without a stop price', { type: 'STOP', price: 1n }, 'stopPrice'],
    ['a limit order with a stop price', { price: 1n, stopPrice: 1n }, 'stopPrice'],
    ['a market buy without a budget', { type: 'MARKET' }, 'budget'],
    ['a limit order with a budget', { price: 1n, budget: 1n }, 'budget'],
  ])('refuses %s, names the field and leaves the book as it was', (_, changes, field) => {
    const book = bookOf(...asks)
    const before = book.contents()
    expect(() => execute(book, { type: 'place', order: order('bad', changes) })).toThrow(
      expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT', field } }),
    )
    expect(book.contents()).toEqual(before)
  })

  it('refuses a second order with the id of an open one', () => {
    expect(() => execute(bookOf(...asks), { type: 'place', order: order('dear', { price: 1n }) })).toThrow(
      'Order dear is already open.',
    )
  })

  it('refuses to cancel an order that is filled or was never placed', () => {
    const book = bookOf(...asks, order('buyer', { price: 100n, quantity: 2n }))
    for (const orderId of ['cheap', 'nobody']) {
      expect(() => execute(book, { type: 'cancel', orderId })).toThrow(
        expect.objectContaining({ extensions: expect.objectContaining({ code: 'NOT_FOUND' }) }),
      )
    }
  })
})

describe('a damaged log', () => {
  const log = (): BookEvent[] => {
    const book = createBook()
    const buyer = order('buyer', { price: 100n, quantity: 3n })
    return [...asks, buyer].flatMap((placed) => execute(book, { type: 'place', order: placed }))
  }

  it('is refused whichever event is missing', () => {
    const events = log()
    for (const missing of events.keys()) {
      expect(() => replay(events.filter((_, index) => index !== missing))).toThrow(/does not|ends in the middle/)
    }
  })

  it('is refused when an event is told twice or a quantity was altered', () => {
    const events = log()
    const [first, ...others] = events
    expect(() => replay(first === undefined ? [] : [first, first, ...others])).toThrow('order 1 follows 1')
    const altered = events.map((event) => (event.type === 'traded' ? { ...event, quantity: 1n } : event))
    expect(() => replay(altered)).toThrow('does not rebuild the levels of sequence')
  })
})
