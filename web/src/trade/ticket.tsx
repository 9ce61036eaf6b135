import { useState } from 'react'
import type { ReactNode } from 'react'
import type { OrderType, TimeInForce } from '../.generated/orders.ts'
import { useSignedIn } from '../client/provider.tsx'
import { Button } from '../design/button.tsx'
import { Input, Select } from '../design/field.tsx'
import { Segmented } from '../design/segmented.tsx'
import { FormError } from '../design/states.tsx'
import { useToasts } from '../design/toasts.tsx'
import { useSignIn } from '../session/sign-in.tsx'
import { currencyDecimals, formatMoney } from '../shared/money.ts'
import { decimal, floorTo, toText } from '../shared/decimal.ts'
import type { Book } from './book.ts'
import { describeOrder, describeOutcome } from './order-words.ts'
import { checkTicket, quantityFor } from './ticket.ts'
import type { TicketValues, TicketWorld } from './ticket.ts'
import type { Balances } from './use-balances.ts'
import type { Instrument } from './use-market.ts'
import { usePlaceOrder } from './use-place-order.ts'

const types: readonly { readonly value: OrderType; readonly label: string }[] = [
  { value: 'LIMIT', label: 'Limit' },
  { value: 'MARKET', label: 'Market' },
  { value: 'STOP', label: 'Stop' },
]

const lives: readonly { readonly value: TimeInForce; readonly label: string }[] = [
  { value: 'GTC', label: 'Until cancelled (GTC)' },
  { value: 'IOC', label: 'Immediate or cancel (IOC)' },
  { value: 'FOK', label: 'All at once or not (FOK)' },
]

const inCurrency = (amount: string, currency: string): string =>
  formatMoney({
    amount: toText(floorTo(decimal(amount), { units: 1n, scale: currencyDecimals(currency) })),
    currency,
  })

type TicketProps = {
  readonly instrument: Instrument
  readonly book: Book | undefined
  readonly balances: Balances
  readonly values: TicketValues
  readonly onChange: (change: Partial<TicketValues>) => void
  readonly onDeposit: (currency: string) => void
}

const Line = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="flex items-baseline justify-between gap-3">
    <dt className="text-muted">{label}</dt>
    <dd className="figures text-right font-medium">{children}</dd>
  </div>
)

/** Where an order is written, checked and placed. */
export const Ticket = ({ instrument, book, balances, values, onChange, onDeposit }: TicketProps) => {
  const { symbol, base, quote, tickSize, lotSize, ticker, status } = instrument
  const signedIn = useSignedIn() !== null
  const openSignIn = useSignIn()
  const toasts = useToasts()
  const { busy, error, clear, place } = usePlaceOrder()
  const [asked, setAsked] = useState(false)
  const [percent, setPercent] = useState<number>()

  const spendable = (currency: string): string => balances.accountOf(currency)?.available.amount ?? '0'
  const known = signedIn && !balances.loading && balances.error === undefined
  const world: TicketWorld = {
    base,
    quote,
    tickSize,
    lotSize,
    last: ticker.last,
    book,
    available: known ? { base: spendable(base), quote: spendable(quote) } : null,
  }
  const { errors, total, order } = checkTicket(values, world)
  const { side, type } = values
  const spent = side === 'BUY' ? quote : base
  const buying = side === 'BUY'

  const set = (change: Partial<TicketValues>): void => {
    clear()
    setPercent(undefined)
    onChange(change)
  }
  const take = (part: number): void => {
    const quantity = quantityFor(part, values, world)
    if (quantity === undefined) return
    set({ quantity })
    setPercent(part)
  }
  const submit = async (): Promise<void> => {
    setAsked(true)
    if (order === undefined) return
    const placed = await place({ symbol, side, type, ...order })
    if (placed === undefined) return
    setAsked(false)
    set({ quantity: '' })
    const failed = placed.status === 'REJECTED'
    toasts.show(failed ? 'failed' : 'done', describeOrder(placed), describeOutcome(placed))
  }
  const missing = (text: string): string | undefined =>
    asked && text.trim() === '' ? 'Please fill this in.' : undefined

  return (
    <form
      aria-label="Order ticket"
      noValidate
      className="space-y-3 p-4"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Segmented
        label="Side"
        value={side}
        onChange={(next) => set({ side: next })}
        options={[
          { value: 'BUY', label: 'Buy', selectedStyle: 'bg-up-solid text-white' },
          { value: 'SELL', label: 'Sell', selectedStyle: 'bg-down-solid text-white' },
        ]}
      />
      <Segmented
        label="Order type"
        size="small"
        value={type}
        onChange={(next) => set({ type: next })}
        options={types}
      />
      {type === 'STOP' && (
        <Input
          label="Stop price"
          unit={quote}
          inputMode="decimal"
          autoComplete="off"
          hint="The last price at which it wakes."
          value={values.stopPrice}
          error={errors.stopPrice ?? missing(values.stopPrice)}
          onChange={(stopPrice) => set({ stopPrice })}
        />
      )}
      {type !== 'MARKET' && (
        <Input
          label={type === 'STOP' ? 'Limit price (optional)' : 'Price'}
          unit={quote}
          inputMode="decimal"
          autoComplete="off"
          value={values.price}
          error={errors.price ?? (type === 'LIMIT' ? missing(values.price) : undefined)}
          onChange={(price) => set({ price })}
        />
      )}
      <Input
        label="Quantity"
        unit={base}
        inputMode="decimal"
        autoComplete="off"
        value={values.quantity}
        error={errors.quantity ?? missing(values.quantity)}
        onChange={(quantity) => set({ quantity })}
      />
      {known && (
        <fieldset className="grid grid-cols-4 gap-1.5">
          <legend className="sr-only">Part of what is available</legend>
          {[25, 50, 75, 100].map((part) => (
            <Button
              key={part}
              size="small"
              aria-pressed={percent === part}
              onClick={() => take(part)}
              className="aria-pressed:border-accent"
            >
              {part}%
            </Button>
          ))}
        </fieldset>
      )}
      {type !== 'MARKET' && (
        <Select
          label="How long it waits"
          value={values.timeInForce}
          options={lives}
          onChange={(next) => set({ timeInForce: next as TimeInForce })}
        />
      )}
      <dl aria-label="Summary" className="space-y-1 pt-1 text-sm">
        {known && (
          <Line label="Available">
            {inCurrency(spendable(spent), spent)}
            <button
              type="button"
              onClick={() => onDeposit(spent)}
              className="text-accent ml-2 rounded font-medium hover:underline"
            >
              Deposit
            </button>
          </Line>
        )}
        <Line label={type === 'MARKET' ? 'Total, about' : 'Total'}>
          {total === undefined || errors.price !== undefined ? '–' : inCurrency(total, quote)}
        </Line>
      </dl>
      <FormError error={error} />
      {signedIn ? (
        <Button
          type="submit"
          size="large"
          look={buying ? 'buy' : 'sell'}
          className="w-full"
          busy={busy}
          disabled={status === 'HALTED'}
        >
          {status === 'HALTED' ? 'Trading is halted' : `${buying ? 'Buy' : 'Sell'} ${base}`}
        </Button>
      ) : (
        <Button look="primary" size="large" className="w-full" onClick={openSignIn}>
          Sign in to trade
        </Button>
      )}
    </form>
  )
}
