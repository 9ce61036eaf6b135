import { useState } from 'react'
import { AddRuleDocument } from '../.generated/wallet.ts'
import type { AddRuleInput, PaymentRuleKind, RulePeriod, WalletDetailsFragment } from '../.generated/wallet.ts'
import { useAction } from '../client/use-action.ts'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { Input, Select } from '../design/field.tsx'
import { FormError } from '../design/states.tsx'
import { useToasts } from '../design/toasts.tsx'
import { readTyped, toText } from '../shared/decimal.ts'
import { useFindPerson } from './use-find-person.ts'

const kinds: readonly { readonly value: PaymentRuleKind; readonly label: string }[] = [
  { value: 'SPENDING_LIMIT', label: 'Limit what is paid' },
  { value: 'ALLOW_LIST', label: 'Pay only certain people' },
  { value: 'SCHEDULED_PAYMENT', label: 'Pay again and again' },
  { value: 'AUTO_SPLIT', label: 'Pass on a share' },
]

const periods: readonly { readonly value: RulePeriod; readonly label: string }[] = [
  { value: 'DAY', label: 'Day' },
  { value: 'WEEK', label: 'Week' },
  { value: 'MONTH', label: 'Month' },
]

const tomorrow = (): string => new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)

/** Adds a rule of one of the four kinds. */
export const AddRuleDialog = ({ wallet, onClose }: { wallet: WalletDetailsFragment; onClose: () => void }) => {
  const toasts = useToasts()
  const person = useFindPerson()
  const { busy, error, run } = useAction(AddRuleDocument)
  const [kind, setKind] = useState<PaymentRuleKind>('SPENDING_LIMIT')
  const [name, setName] = useState('')
  const [amount, setAmount] = useState('')
  const [period, setPeriod] = useState<RulePeriod>('MONTH')
  const [handles, setHandles] = useState('')
  const [percent, setPercent] = useState('')
  const [firstRun, setFirstRun] = useState(tomorrow)
  const currencies = (wallet.assets ?? []).flatMap((asset) => (asset.kind === 'ACCOUNT' ? [asset.amount.currency] : []))
  const [currency, setCurrency] = useState(currencies[0] ?? 'EUR')

  const number = (text: string): string => {
    const value = readTyped(text)
    return value === undefined ? text : toText(value)
  }
  const findAll = async (): Promise<readonly string[] | undefined> => {
    const ids: string[] = []
    for (const handle of handles.split(/[\s,]+/).filter(Boolean)) {
      const found = await person.find(handle)
      if (found === undefined) return undefined
      ids.push(found.id)
    }
    return ids
  }
  const details = (ids: readonly string[]): Partial<AddRuleInput> => {
    const money = { amount: number(amount), currency }
    const [payee = ''] = ids
    if (kind === 'SPENDING_LIMIT') return { spendingLimit: { amount: money, period } }
    if (kind === 'ALLOW_LIST') return { allowList: ids }
    if (kind === 'AUTO_SPLIT') return { autoSplit: ids.map((id) => ({ payee: id, percent: number(percent) })) }
    const firstRunAt = new Date(`${firstRun}T09:00`).toISOString()
    return { scheduledPayment: { payee, amount: money, period, firstRunAt } }
  }
  const add = async (): Promise<void> => {
    const ids = kind === 'SPENDING_LIMIT' ? [] : await findAll()
    if (ids === undefined) return
    const done = await run({ input: { wallet: wallet.id, name: name.trim(), ...details(ids) } })
    if (!done?.addRule) return
    toasts.show('done', `Rule ${done.addRule.name} added`)
    onClose()
  }

  const withAmount = kind === 'SPENDING_LIMIT' || kind === 'SCHEDULED_PAYMENT'
  const one = kind === 'SCHEDULED_PAYMENT' || kind === 'AUTO_SPLIT'
  return (
    <Dialog
      open
      onClose={onClose}
      title="Add a rule"
      description="A payment that a rule forbids is refused, and the refusal names the rule."
    >
      <form
        aria-label="Add a rule"
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault()
          void add()
        }}
      >
        <Select
          label="What it does"
          value={kind}
          options={kinds}
          onChange={(next) => setKind(next as PaymentRuleKind)}
        />
        <Input label="Name" value={name} onChange={setName} required maxLength={60} />
        {withAmount && (
          <div className="grid grid-cols-[1fr_6rem_6.5rem] gap-2">
            <Input label="Amount" value={amount} onChange={setAmount} required inputMode="decimal" autoComplete="off" />
            <Select
              label="Currency"
              value={currency}
              onChange={setCurrency}
              options={currencies.map((code) => ({ value: code, label: code }))}
            />
            <Select
              label={kind === 'SPENDING_LIMIT' ? 'In each' : 'Every'}
              value={period}
              options={periods}
              onChange={(next) => setPeriod(next as RulePeriod)}
            />
          </div>
        )}
        {kind !== 'SPENDING_LIMIT' && (
          <Input
            label={one ? 'To (handle)' : 'People (handles)'}
            {...(one ? {} : { hint: 'Several with a comma between them.' })}
            value={handles}
            error={person.problem}
            required
            autoComplete="off"
            autoCapitalize="none"
            onChange={(next) => {
              person.clear()
              setHandles(next)
            }}
          />
        )}
        {kind === 'AUTO_SPLIT' && (
          <Input
            label="Share"
            unit="%"
            value={percent}
            onChange={setPercent}
            required
            inputMode="decimal"
            autoComplete="off"
          />
        )}
        {kind === 'SCHEDULED_PAYMENT' && (
          <Input label="First on" type="date" value={firstRun} onChange={setFirstRun} required min={tomorrow()} />
        )}
        <FormError error={error} />
        <Button type="submit" look="primary" className="w-full" busy={busy}>
          Add rule
        </Button>
      </form>
    </Dialog>
  )
}
