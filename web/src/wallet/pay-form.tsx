import { useRef, useState } from 'react'
import { PayDocument, RequestPaymentDocument } from '../.generated/wallet.ts'
import type { WalletDetailsFragment, WalletPaymentFragment } from '../.generated/wallet.ts'
import { useAction } from '../client/use-action.ts'
import { Button } from '../design/button.tsx'
import { Input, Select } from '../design/field.tsx'
import { FormError } from '../design/states.tsx'
import { useToasts } from '../design/toasts.tsx'
import { compare, decimal, isPositive, readTyped, toText } from '../shared/decimal.ts'
import { formatMoney } from '../shared/money.ts'
import { randomKey } from '../shared/random-key.ts'
import { useFindPerson } from './use-find-person.ts'

const outcome = (payment: WalletPaymentFragment): string => {
  if (payment.status === 'SETTLED') return 'The money has moved.'
  if (payment.status === 'REQUESTED') return 'It is paid when the person accepts.'
  return payment.failureReason ?? 'It is on its way.'
}

/** Pays a person, or asks one for money. */
export const PayForm = ({ wallet, asking }: { wallet: WalletDetailsFragment; asking: boolean }) => {
  const toasts = useToasts()
  const holdings = (wallet.assets ?? []).filter(({ kind }) => kind === 'ACCOUNT')
  const [handle, setHandle] = useState('')
  const [amount, setAmount] = useState('')
  const [chosen, setCurrency] = useState<string>()
  const [memo, setMemo] = useState('')
  const [finding, setFinding] = useState(false)
  const person = useFindPerson()
  const pay = useAction(PayDocument)
  const request = useAction(RequestPaymentDocument)
  const intent = useRef<{ readonly content: string; readonly key: string }>(undefined)

  const currency = chosen ?? holdings[0]?.amount.currency ?? 'EUR'
  const value = readTyped(amount)
  const available = holdings.find((holding) => holding.amount.currency === currency)?.amount
  const tooMuch =
    !asking && value !== undefined && available !== undefined && compare(value, decimal(available.amount)) > 0
  const wrong =
    amount.trim() === ''
      ? undefined
      : value === undefined || !isPositive(value)
        ? 'Write an amount above zero, without thousands separators.'
        : tooMuch
          ? `This wallet has ${formatMoney(available)}.`
          : undefined

  const submit = async (): Promise<void> => {
    if (value === undefined || wrong !== undefined || finding) return
    setFinding(true)
    const found = await person.find(handle)
    setFinding(false)
    if (found === undefined) return
    const common = { wallet: wallet.id, amount: { amount: toText(value), currency }, memo: memo.trim() || null }
    const content = JSON.stringify([found.id, common, asking])
    if (intent.current?.content !== content) intent.current = { content, key: randomKey() }
    const idempotencyKey = intent.current.key
    const payment = asking
      ? (await request.run({ input: { ...common, payer: found.id, idempotencyKey } }))?.requestPayment
      : (await pay.run({ input: { ...common, payee: found.id, idempotencyKey } }))?.pay
    if (!payment) return
    intent.current = undefined
    setAmount('')
    setMemo('')
    const money = formatMoney(payment.amount)
    const said = asking ? `Asked ${found.handle} for ${money}` : `${money} to ${found.handle}`
    toasts.show(payment.status === 'FAILED' ? 'failed' : 'done', said, outcome(payment))
  }

  return (
    <form
      aria-label={asking ? 'Ask for money' : 'Pay a person'}
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Input
        label={asking ? 'From (handle)' : 'To (handle)'}
        value={handle}
        error={person.problem}
        required
        autoComplete="off"
        autoCapitalize="none"
        onChange={(next) => {
          person.clear()
          setHandle(next)
        }}
      />
      <div className="grid grid-cols-[1fr_7rem] gap-3">
        <Input
          label="Amount"
          value={amount}
          onChange={setAmount}
          error={wrong}
          required
          inputMode="decimal"
          autoComplete="off"
        />
        <Select
          label="Currency"
          value={currency}
          onChange={setCurrency}
          options={holdings.map((holding) => ({ value: holding.amount.currency, label: holding.amount.currency }))}
        />
      </div>
      <Input label="Memo (optional)" value={memo} onChange={setMemo} maxLength={200} autoComplete="off" />
      <FormError error={asking ? request.error : pay.error} />
      <Button type="submit" look="primary" className="w-full" busy={finding || pay.busy || request.busy}>
        {asking ? 'Ask' : 'Pay'}
      </Button>
    </form>
  )
}
