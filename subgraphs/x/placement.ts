import { CodedError, createKeyedMutex } from '@codai/runtime'
import type { ErrorCode } from '@codai/runtime'
import type { PlaceOrderInput } from '../.generated/x.ts'
import { codedError, notFound, requireId, requireKey } from '../_kit/index.ts'
import type { Logger } from '../_kit/index.ts'
import type { Exchange, Execution } from './exchange.ts'
import { boundedReserve, costOf, tradingAccount, unpricedReserve } from './funds.ts'
import { payment } from './instruments.ts'
import type { InstrumentRecord } from './instruments.ts'
import type { Ledger } from './ledger.ts'
import { contentOf, forBook, isFinal, isUnpricedBuy, readTerms } from './orders.ts'
import type { OrderRecord, OrderTerms } from './orders.ts'
import type { Settlement } from './settlement.ts'
import type { Store } from './store.ts'

/** How people's orders come into the books and out of them. */
export type Placement = {
  /**
   * Places an order of a person; the same key gives the same order.
   * @throws BAD_USER_INPUT, NOT_FOUND for the instrument, CONFLICT for a key that was used for another order or an
   *   instrument that is halted, INSUFFICIENT_FUNDS, UNAVAILABLE
   */
  place(person: string, input: PlaceOrderInput): Promise<OrderRecord>
  /** Takes an order of a person out of its book. @throws NOT_FOUND, CONFLICT when it has ended or is not placed yet */
  cancel(person: string, orderId: string): Promise<OrderRecord>
  /** Rejects orders that were left half placed, by a crash or a ledger that did not answer. @throws UNAVAILABLE */
  recover(): Promise<void>
}

/** The answers of the ledger that mean: no, and nothing was held. With any other, the hold may have been made. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set([
  'INSUFFICIENT_FUNDS',
  'BAD_USER_INPUT',
  'NOT_FOUND',
  'FORBIDDEN',
  'LIMIT_EXCEEDED',
])
const isRefusal = (error: unknown): boolean => error instanceof CodedError && REFUSALS.has(error.code)

/** After this time nobody is still at work on a PENDING order: its calls have all given up. */
const ABANDONED_AFTER_MS = 60_000
const PAGE = 100

/** Placement over the exchange, with the funds from the ledger. */
export const createPlacement = (options: {
  store: Store
  exchange: Exchange
  ledger: Ledger
  settlement: Settlement
  now: () => Date
  newId: () => string
  logger: Logger
}): Placement => {
  const { store, exchange, ledger, settlement, now, newId, logger } = options
  const underway = new Map<string, { content: string; order: Promise<OrderRecord> }>()
  const oneOpening = createKeyedMutex()

  const requireInstrument = async (symbol: string): Promise<InstrumentRecord> => {
    const instrument = await store.instrument(requireId('Instrument', symbol))
    if (instrument === undefined) throw notFound('Instrument', symbol)
    return instrument
  }

  const requireSame = (content: string, other: string): void => {
    if (content === other) return
    throw codedError('CONFLICT', 'This idempotency key was used for another order.', { field: 'idempotencyKey' })
  }

  /** The account that an order is paid to. A person who has none in that currency gets one. */
  const targetAccount = (order: OrderRecord, { base, quote }: InstrumentRecord): Promise<string> => {
    const { ownerId, targetAccountId } = order
    if (targetAccountId !== null) return Promise.resolve(targetAccountId)
    const currency = order.side === 'BUY' ? base : quote
    return oneOpening(`${ownerId} ${currency}`, async () => {
      const accounts = await ledger.accountsOf([ownerId])
      return tradingAccount(accounts.get(ownerId) ?? [], currency)?.id ?? (await ledger.openAccount(ownerId, currency))
    })
  }

  const holdFunds = (order: OrderRecord, instrument: InstrumentRecord): Promise<string> =>
    ledger.hold({
      person: order.ownerId,
      account: order.sourceAccountId,
      amount: payment(instrument, order.side, order.reserved),
      reason: `Order to ${order.side.toLowerCase()} ${instrument.units.quantity(order.quantity)} ${instrument.base}`,
      key: order.id,
    })

  const reload = async (id: string): Promise<OrderRecord> => {
    const order = await store.order(id)
    if (order === null) throw notFound('Order', id)
    return order
  }

  /** An order as an execution left it: a cascade may have changed it more than once. */
  const latest = (execution: Execution, id: string): OrderRecord | Promise<OrderRecord> =>
    execution.orders.findLast((order) => order.id === id) ?? reload(id)

  const reject = async (order: OrderRecord, reason: string, holdId: string | null): Promise<void> => {
    if (!(await store.rejectPending(order.id, reason, holdId, now()))) return
    await settlement.follow({ tradeIds: [], orders: [await reload(order.id)] })
  }

  /** Takes a PENDING order from wherever it stands into the book. */
  const advance = async (order: OrderRecord, instrument: InstrumentRecord): Promise<OrderRecord> => {
    const holdId = await holdFunds(order, instrument).catch(async (error: unknown) => {
      if (isRefusal(error)) await store.removePending(order.id)
      throw error
    })
    const targetAccountId = await targetAccount(order, instrument)
    const execution = await exchange
      .run(order.symbol, { type: 'place', order: forBook(order) }, (transaction) =>
        store.admitOrder(transaction, order.id, { holdId, targetAccountId }),
      )
      .catch(async (error: unknown) => {
        // Whether it was placed is not known when the database gave up; then it goes on with its key, or is abandoned.
        const isRefused = error instanceof CodedError && error.code !== 'UNAVAILABLE'
        if (isRefused) await reject(order, error.message, holdId)
        throw error
      })
    // Another process brought it to its end already.
    if (execution === undefined) return reload(order.id)
    await settlement.follow(execution)
    return latest(execution, order.id)
  }

  const reserve = async (person: string, terms: OrderTerms, instrument: InstrumentRecord) => {
    const { base, quote } = instrument
    const [pays, gets] = terms.side === 'BUY' ? [quote, base] : [base, quote]
    const accounts = (await ledger.accountsOf([person])).get(person) ?? []
    const source = tradingAccount(accounts, pays)
    if (source === undefined) throw codedError('INSUFFICIENT_FUNDS', `There is no ${pays} account to pay from.`)
    const targetAccountId = tradingAccount(accounts, gets)?.id ?? null
    const found = { sourceAccountId: source.id, targetAccountId }
    if (!isUnpricedBuy(terms)) return { ...found, reserved: boundedReserve(terms) }
    const cost = await exchange.read(terms.symbol, (book) => costOf(book, terms.quantity))
    return { ...found, reserved: unpricedReserve(terms, instrument, { cost, available: source.available }) }
  }

  const resume = (order: OrderRecord, content: string, instrument: InstrumentRecord): Promise<OrderRecord> => {
    requireSame(contentOf(order), content)
    return order.status === 'PENDING' ? advance(order, instrument) : Promise.resolve(order)
  }

  const begin = async (
    person: string,
    idempotencyKey: string,
    terms: OrderTerms,
    instrument: InstrumentRecord,
  ): Promise<OrderRecord> => {
    const known = await store.orderByKey(person, idempotencyKey)
    if (known !== null) return resume(known, contentOf(terms), instrument)
    if (instrument.status === 'HALTED') {
      throw codedError('CONFLICT', `${instrument.symbol} is halted: orders can be cancelled, but not placed.`)
    }
    const funds = await reserve(person, terms, instrument)
    const order = { id: newId(), ownerId: person, idempotencyKey, ...terms, ...funds, createdAt: now() }
    const inserted = await store.insertOrder(order)
    if (inserted !== undefined) return advance(inserted, instrument)
    // Another process was faster with the same key.
    const other = await store.orderByKey(person, idempotencyKey)
    if (other === null) throw codedError('CONFLICT', 'The same order was refused a moment ago. Try again.')
    return resume(other, contentOf(terms), instrument)
  }

  const place: Placement['place'] = async (person, input) => {
    const idempotencyKey = requireKey(input.idempotencyKey)
    const instrument = await requireInstrument(input.symbol)
    const terms = readTerms(input, instrument)
    const content = contentOf(terms)
    const key = `${person} ${idempotencyKey}`
    const known = underway.get(key)
    if (known !== undefined) {
      requireSame(known.content, content)
      return known.order
    }
    const order = begin(person, idempotencyKey, terms, instrument).finally(() => underway.delete(key))
    underway.set(key, { content, order })
    return order
  }

  const cancel: Placement['cancel'] = async (person, orderId) => {
    const order = await store.order(requireId('Order', orderId))
    if (order === null || order.ownerId !== person) throw notFound('Order', orderId)
    if (order.status === 'PENDING') throw codedError('CONFLICT', 'The order is still being placed.')
    const ended = codedError('CONFLICT', 'The order has ended: there is nothing left to cancel.')
    if (isFinal(order)) throw ended
    const execution = await exchange.run(order.symbol, { type: 'cancel', orderId }).catch((error: unknown) => {
      throw error instanceof CodedError && error.code === 'NOT_FOUND' ? ended : error
    })
    if (execution === undefined) return reload(orderId)
    await settlement.follow(execution)
    return latest(execution, orderId)
  }

  const abandon = async (order: OrderRecord): Promise<void> => {
    const instrument = await requireInstrument(order.symbol)
    // Whether the funds were held is not known here; the key gives the same hold again, or makes the one to release.
    const holdId = await holdFunds(order, instrument).catch((error: unknown) => {
      if (isRefusal(error)) return null
      throw error
    })
    logger.info({ order: order.id }, 'An order that was left half placed is rejected')
    await reject(order, 'Placing it was interrupted; its funds were given back.', holdId)
  }

  const recover = async (): Promise<void> => {
    const before = new Date(now().getTime() - ABANDONED_AFTER_MS)
    const isUnderway = ({ ownerId, idempotencyKey }: OrderRecord): boolean =>
      underway.has(`${ownerId} ${idempotencyKey}`)
    const orders = (await store.pendingBefore(before, PAGE)).filter((order) => !isUnderway(order))
    const results = await Promise.allSettled(orders.map(abandon))
    const failed = results.find((result) => result.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }

  return { place, cancel, recover }
}
