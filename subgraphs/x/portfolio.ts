import { ExactDecimal, currencyDecimals } from '../_kit/index.ts'
import type { CurrencyCode, Money } from '../_kit/index.ts'
import { tradingAccount } from './funds.ts'
import type { InstrumentRecord } from './instruments.ts'
import type { LedgerAccount } from './ledger.ts'
import type { Turnover } from './order-store.ts'

/** The currency in which holdings are compared. */
const VALUE_CURRENCY = 'EUR'

/** What a person holds of one asset. */
export type PositionRecord = {
  currency: CurrencyCode
  quantity: string
  available: string
  value: Money | null
  averageCost: string | null
  unrealizedProfit: Money | null
  account: { id: string }
}

/** What a person holds of all assets that can be traded. */
export type PortfolioRecord = { owner: { id: string }; value: Money; positions: PositionRecord[] }

/** An instrument with its last price in its own decimals; undefined before the first trade. */
export type PricedInstrument = { instrument: InstrumentRecord; last: string | undefined }

type Amount = InstanceType<typeof ExactDecimal>

/** Exact until here: only what is shown is rounded, to the nearest cent. */
const inValueCurrency = (amount: Amount): Money => ({
  amount: amount.toFixed(currencyDecimals[VALUE_CURRENCY]),
  currency: VALUE_CURRENCY,
})

const totalOf = (turnover: readonly Turnover[], symbol: string, side: Turnover['side']): Turnover | undefined =>
  turnover.find((total) => total.symbol === symbol && total.side === side)

const smaller = (first: Amount, second: Amount): Amount => (first.lt(second) ? first : second)

/** The average price of all that was bought, and how much of it was not sold since. */
const purchases = (
  { units, symbol }: InstrumentRecord,
  turnover: readonly Turnover[],
): { averageCost: Amount; left: Amount } | undefined => {
  const bought = totalOf(turnover, symbol, 'BUY')
  if (bought === undefined) return undefined
  const sold = totalOf(turnover, symbol, 'SELL')?.filled ?? 0n
  const left = bought.filled > sold ? bought.filled - sold : 0n
  return {
    averageCost: new ExactDecimal(units.amount(bought.notional)).div(units.quantity(bought.filled)),
    left: new ExactDecimal(units.quantity(left)),
  }
}

const positionOf = (
  account: LedgerAccount,
  turnover: readonly Turnover[],
  market: PricedInstrument | undefined,
): PositionRecord => {
  const { currency, balance, available, id } = account
  const quantity = new ExactDecimal(balance)
  const position = {
    currency,
    quantity: balance,
    available,
    account: { id },
    value: currency === VALUE_CURRENCY ? inValueCurrency(quantity) : null,
    averageCost: null,
    unrealizedProfit: null,
  }
  if (market === undefined) return position
  const { instrument, last } = market
  const bought = purchases(instrument, turnover)
  const averageCost = bought?.averageCost.toDecimalPlaces(8).toFixed() ?? null
  if (last === undefined) return { ...position, averageCost }
  return {
    ...position,
    value: inValueCurrency(quantity.mul(last)),
    averageCost,
    unrealizedProfit:
      bought === undefined
        ? null
        : inValueCurrency(new ExactDecimal(last).sub(bought.averageCost).mul(smaller(bought.left, quantity))),
  }
}

const byValue = (first: PositionRecord, second: PositionRecord): number =>
  new ExactDecimal(second.value?.amount ?? -1).cmp(first.value?.amount ?? -1)

/**
 * A person's portfolio: of each asset that is traded, the account that trading uses. An asset's price is the last one
 * of its instrument against EUR.
 */
export const portfolioOf = (
  person: string,
  accounts: readonly LedgerAccount[],
  turnover: readonly Turnover[],
  markets: readonly PricedInstrument[],
): PortfolioRecord => {
  const traded = new Set(markets.flatMap(({ instrument }) => [instrument.base, instrument.quote]))
  const positions = [...traded]
    .flatMap((currency) => tradingAccount(accounts, currency) ?? [])
    .map((account) =>
      positionOf(
        account,
        turnover.filter(({ ownerId }) => ownerId === person),
        markets.find(({ instrument }) => instrument.base === account.currency && instrument.quote === VALUE_CURRENCY),
      ),
    )
    .toSorted(byValue)
  const value = positions.reduce((sum, position) => sum.add(position.value?.amount ?? 0), new ExactDecimal(0))
  return { owner: { id: person }, value: inValueCurrency(value), positions }
}
