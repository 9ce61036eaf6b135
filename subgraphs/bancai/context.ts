import { currencyDecimals, loader, referenceRates } from '../_kit/index.ts'
import type { ContextOf, CurrencyCode, LoaderRequest, Platform } from '../_kit/index.ts'
import { createAccountOpening } from './accounts.ts'
import { createActivity } from './activity.ts'
import { createBookings } from './booking.ts'
import { createHistory } from './history.ts'
import { createHolds } from './holds.ts'
import { monthBounds, parseStatementId } from './months.ts'
import type { Rates } from './rates.ts'
import type { EntryRecord } from './records.ts'
import { createStore } from './store.ts'
import type { Period, Store } from './store.ts'
import { createTransfers, outsideAccount } from './transfers.ts'

const currencies = Object.keys(currencyDecimals) as CurrencyCode[]
const firstRatesAsOf = new Date('2026-01-01T00:00:00.000Z')
const firstRates: Rates = new Map(
  currencies.map((currency) => [currency, { currency, rate: referenceRates[currency], asOf: firstRatesAsOf }]),
)

/** Opens the ledger over its tables. */
export const open = async (platform: Platform) => {
  const { newId, now, logger } = platform
  const store = createStore(await platform.relational(), await platform.events())
  await store.prepare(
    currencies.map((currency) => ({ id: outsideAccount(currency), currency })),
    firstRates,
    now(),
  )
  const activity = createActivity({ store, pubSub: platform.pubSub(), logger })
  const parts = { store, newId, now, announce: activity.announce }
  const bookings = createBookings(parts)
  return {
    store,
    now,
    activity,
    ...createAccountOpening(bookings, newId, now),
    ...createTransfers(bookings, parts),
    ...createHolds(bookings),
    history: createHistory(bookings),
  }
}

/** The ledger, as resolvers use it. */
export type Ledger = Awaited<ReturnType<typeof open>>

const periodOf = (statementId: string): Period | undefined => {
  const statement = parseStatementId(statementId)
  return statement && { id: statementId, accountId: statement.accountId, ...monthBounds(statement.month) }
}

const entriesByTransfer = async (
  store: Store,
  ids: readonly string[],
): Promise<{ id: string; entries: EntryRecord[] }[]> => {
  const entries = await store.entriesOfTransfers(ids)
  return ids.map((id) => ({ id, entries: entries.filter(({ transferId }) => transferId === id) }))
}

/** The batched reads of one request. */
export const loaders = ({ store, now }: Ledger, _request: LoaderRequest) => {
  let rates: Promise<Rates> | undefined
  return {
    account: loader(
      (ids) => store.accounts(ids, now()),
      ({ id }) => id,
    ),
    transfer: loader(store.transfers, ({ id }) => id),
    hold: loader(store.holds, ({ id }) => id),
    entry: loader(store.entries, ({ id }) => id),
    entriesOfTransfer: loader(
      (ids) => entriesByTransfer(store, ids),
      ({ id }) => id,
    ),
    figures: loader(
      (ids) => store.figures(ids.map(periodOf).filter((period) => period !== undefined)),
      ({ id }) => id,
    ),
    rates: (): Promise<Rates> => (rates ??= store.rates()),
  }
}

export type Context = ContextOf<typeof open, typeof loaders>
