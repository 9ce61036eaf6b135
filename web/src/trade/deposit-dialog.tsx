import { useRef, useState } from 'react'
import { DepositDocument, OpenAccountDocument } from '../.generated/balances.ts'
import { explain } from '../client/errors.ts'
import type { ErrorLike } from '../client/errors.ts'
import { useAction } from '../client/use-action.ts'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { Input, Select } from '../design/field.tsx'
import { useToasts } from '../design/toasts.tsx'
import { isPositive, readTyped, toText } from '../shared/decimal.ts'
import { currencyDecimals, formatMoney } from '../shared/money.ts'
import { randomKey } from '../shared/random-key.ts'
import type { Balances } from './use-balances.ts'

type DepositDialogProps = {
  readonly balances: Balances
  readonly currency: string
  /** The currencies that are traded here. */
  readonly currencies: readonly string[]
  readonly onClose: () => void
}

const suggested: Readonly<Record<string, string>> = { BTC: '0.1', ETH: '1', CDX: '500' }

/** Pays sandbox money into an own account; opens the account when there is none of that currency. */
export const DepositDialog = ({ balances, currency: first, currencies, onClose }: DepositDialogProps) => {
  const toasts = useToasts()
  const [currency, setCurrency] = useState(first)
  const [amount, setAmount] = useState(suggested[first] ?? '1000')
  const [error, setError] = useState<ErrorLike>()
  const [busy, setBusy] = useState(false)
  const openAccount = useAction(OpenAccountDocument)
  const deposit = useAction(DepositDocument)
  const intent = useRef<{ readonly content: string; readonly key: string }>(undefined)

  const value = readTyped(amount)
  const decimals = currencyDecimals(currency)
  const wrong =
    value === undefined || !isPositive(value)
      ? 'Write an amount above zero, without thousands separators.'
      : (toText(value).split('.')[1]?.length ?? 0) > decimals
        ? `${currency} has ${decimals} decimals at most.`
        : undefined

  const accountId = async (): Promise<string | undefined> => {
    const known = balances.accountOf(currency)
    if (known !== undefined) return known.id
    const opened = await openAccount.attempt({ input: { name: currency, currency } })
    return opened.openAccount?.id
  }

  const submit = async (): Promise<void> => {
    if (value === undefined || wrong !== undefined || busy) return
    setBusy(true)
    setError(undefined)
    const money = { amount: toText(value), currency }
    const content = JSON.stringify(money)
    if (intent.current?.content !== content) intent.current = { content, key: randomKey() }
    try {
      const account = await accountId()
      if (account === undefined) throw new Error('No account was opened')
      await deposit.attempt({ input: { account, amount: money, idempotencyKey: intent.current.key } })
      toasts.show('done', `${formatMoney(money)} deposited`)
      onClose()
    } catch (cause) {
      setError(cause as ErrorLike)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title="Deposit"
      description="This is a sandbox: the money is made up, and there at once."
    >
      <form
        aria-label="Deposit"
        noValidate
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <div className="grid grid-cols-[1fr_8rem] gap-3">
          <Input
            label="Amount"
            inputMode="decimal"
            autoComplete="off"
            value={amount}
            error={amount.trim() === '' ? undefined : wrong}
            onChange={setAmount}
          />
          <Select
            label="Currency"
            value={currency}
            onChange={(next) => {
              setCurrency(next)
              setAmount(suggested[next] ?? '1000')
            }}
            options={currencies.map((code) => ({ value: code, label: code }))}
          />
        </div>
        <div role="alert" className="empty:hidden">
          {error !== undefined && (
            <p className="bg-down-soft text-down rounded-lg px-3 py-2 text-sm">{explain(error).message}</p>
          )}
        </div>
        <Button type="submit" look="primary" className="w-full" busy={busy}>
          Deposit
        </Button>
      </form>
    </Dialog>
  )
}
