/** An amount as the graph sends it. */
export type Money = { readonly amount: string; readonly currency: string }

const digitalAssets = new Set(['BTC', 'ETH', 'CDX'])

// Building a formatter costs far more than using one, and a book of forty levels formats hundreds of numbers a second.
const cached = <T>(build: (key: string) => T): ((key: string) => T) => {
  const known = new Map<string, T>()
  return (key) => {
    const found = known.get(key)
    if (found !== undefined) return found
    const built = build(key)
    known.set(key, built)
    return built
  }
}

const moneyFormat = cached((key) => {
  const [currency = 'EUR', locale] = key.split('|')
  const digits = digitalAssets.has(currency) ? { minimumFractionDigits: 2, maximumFractionDigits: 8 } : {}
  return new Intl.NumberFormat(locale || undefined, { style: 'currency', currency, ...digits })
})

const numberFormat = cached((key) => {
  const [minimum, maximum, locale] = key.split('|')
  return new Intl.NumberFormat(locale || undefined, {
    minimumFractionDigits: Number(minimum),
    maximumFractionDigits: Number(maximum),
  })
})

const percentFormat = cached(
  (locale) =>
    new Intl.NumberFormat(locale || undefined, {
      style: 'percent',
      minimumFractionDigits: 2,
      maximumFractionDigits: 2,
      signDisplay: 'exceptZero',
    }),
)

// Intl formats a decimal string exactly, digit by digit; TypeScript wants to see a numeric literal.
const exact = (text: string): Intl.StringNumericLiteral => text as Intl.StringNumericLiteral

/** Money in the way of the locale, exact: `€1,250.50`, `BTC 0.25`. */
export const formatMoney = (money: Money, locale = ''): string =>
  moneyFormat(`${money.currency}|${locale}`).format(exact(money.amount))

/** Money with its sign: `+€5.00`, `-€5.00`. */
export const formatChange = (money: Money, locale = ''): string =>
  `${money.amount.startsWith('-') ? '' : '+'}${formatMoney(money, locale)}`

/** A price with as many decimals as its tick has. */
export const formatPrice = (price: string, decimals: number, locale = ''): string =>
  numberFormat(`${decimals}|${decimals}|${locale}`).format(exact(price))

/** A quantity with the decimals that it has, up to eight. */
export const formatQuantity = (quantity: string, decimals = 0, locale = ''): string =>
  numberFormat(`${decimals}|${Math.max(decimals, 8)}|${locale}`).format(exact(quantity))

/** Percent, signed: `+1.25%`. The text is in percent already. */
export const formatPercent = (percent: string, locale = ''): string =>
  percentFormat(locale).format(exact(`${percent}e-2`))

/** A holding in the way in which people speak of it: `€1,250.50`, but `0.25 BTC`. */
export const formatHolding = (money: Money, locale = ''): string =>
  digitalAssets.has(money.currency)
    ? `${formatQuantity(money.amount, 0, locale)} ${money.currency}`
    : formatMoney(money, locale)

/** How many decimals amounts of a currency have. */
export const currencyDecimals = (currency: string): number => {
  if (digitalAssets.has(currency)) return 8
  return moneyFormat(`${currency}|`).resolvedOptions().maximumFractionDigits ?? 2
}
