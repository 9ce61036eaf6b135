import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { useQuery } from 'urql'
import { CheckoutDocument, PayingWalletsDocument } from '../.generated/purchases.ts'
import type { PayingWalletsQuery } from '../.generated/purchases.ts'
import type { CartPartsFragment } from '../.generated/shop.ts'
import { useAction } from '../client/use-action.ts'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { Select } from '../design/field.tsx'
import { FormError, SkeletonRows } from '../design/states.tsx'
import { compare, decimal } from '../shared/decimal.ts'
import { formatMoney } from '../shared/money.ts'
import type { Money } from '../shared/money.ts'
import { useIntent } from '../shared/use-intent.ts'

type Wallet = NonNullable<NonNullable<PayingWalletsQuery['me']>['wallets']>['edges'][number]['node']
type Part = CartPartsFragment['parts'][number]

const available = (wallet: Wallet, currency: string): Money | undefined =>
  wallet.assets?.find(({ kind, amount }) => kind === 'ACCOUNT' && amount.currency === currency)?.amount

const isEnough = (money: Money | undefined, total: Money): boolean =>
  money !== undefined && compare(decimal(money.amount), decimal(total.amount)) >= 0

/** Chooses what pays, and buys. What was bought is then shown, however far it is. */
export const CheckoutDialog = ({ part, onClose }: { part: Part; onClose: () => void }) => {
  const navigate = useNavigate()
  const [{ data, fetching }] = useQuery({ query: PayingWalletsDocument, requestPolicy: 'cache-and-network' })
  const [chosen, setChosen] = useState<string>()
  const { busy, error, run } = useAction(CheckoutDocument)
  const keyFor = useIntent()
  const { currency } = part.total
  const wallets = (data?.me?.wallets?.edges ?? [])
    .map(({ node }) => node)
    .filter((wallet) => available(wallet, currency) !== undefined)
  const wallet =
    wallets.find(({ id }) => id === chosen) ??
    wallets.find((candidate) => isEnough(available(candidate, currency), part.total)) ??
    wallets[0]

  const submit = async (): Promise<void> => {
    if (wallet === undefined) return
    const input = { wallet: wallet.id, products: part.lines.map(({ product }) => product.id), total: part.total }
    const answer = await run({
      input: {
        ...input,
        total: { amount: part.total.amount, currency },
        idempotencyKey: keyFor(input),
      },
    })
    if (answer?.checkout) await navigate(`/shop/purchases/${answer.checkout.id}`)
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title="Check out"
      description={`Your money is set aside, and moves to ${part.seller.handle} once everything is reserved for you.`}
    >
      {wallets.length === 0 && fetching ? (
        <SkeletonRows rows={2} label="Loading your wallets" />
      ) : wallet === undefined ? (
        <p>
          None of your wallets holds {currency}.{' '}
          <Link to="/wallet" className="text-accent rounded underline">
            To your wallets
          </Link>
        </p>
      ) : (
        <form
          aria-label="Check out"
          className="space-y-4"
          onSubmit={(event) => {
            event.preventDefault()
            void submit()
          }}
        >
          <ul className="text-muted space-y-1">
            {part.lines.map(({ product, quantity, total }) => (
              <li key={product.id} className="flex justify-between gap-3">
                <span className="min-w-0">
                  {quantity} × {product.title}
                </span>
                <span className="figures">{formatMoney(total)}</span>
              </li>
            ))}
          </ul>
          <p className="border-line flex justify-between border-t pt-3 text-base font-semibold">
            <span>Total</span>
            <span className="figures">{formatMoney(part.total)}</span>
          </p>
          <Select
            label="Pay from"
            value={wallet.id}
            onChange={setChosen}
            options={wallets.map((option) => {
              const money = available(option, currency)
              return { value: option.id, label: `${option.name}${money ? ` · ${formatMoney(money)}` : ''}` }
            })}
            error={
              isEnough(available(wallet, currency), part.total) ? undefined : 'There is not enough in this wallet.'
            }
          />
          <FormError error={error} />
          <Button type="submit" look="primary" className="w-full" busy={busy}>
            Pay {formatMoney(part.total)}
          </Button>
        </form>
      )}
    </Dialog>
  )
}
