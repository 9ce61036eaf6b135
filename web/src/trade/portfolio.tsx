import { Plus } from 'lucide-react'
import { Button } from '../design/button.tsx'
import { Card } from '../design/card.tsx'
import { classNames } from '../design/class-names.ts'
import { Failure, SkeletonRows } from '../design/states.tsx'
import { formatChange, formatHolding, formatMoney } from '../shared/money.ts'
import { toneOf } from './change.tsx'
import { portfolioValue, positionValue, pricesInEur } from './portfolio-value.ts'
import type { Balances } from './use-balances.ts'
import type { Instrument } from './use-market.ts'

type PortfolioProps = {
  readonly balances: Balances
  readonly instruments: readonly Instrument[]
  readonly onDeposit: () => void
}

/** What the person holds, and what it is worth now. */
export const Portfolio = ({ balances, instruments, onDeposit }: PortfolioProps) => {
  const { accounts, positions, loading, error, reload } = balances
  const prices = pricesInEur(instruments)
  // The accounts are live; the service's own positions add cost and profit.
  const held = positions.map((position) => {
    const account = accounts.find(({ id }) => id === position.account.id)
    return {
      ...position,
      quantity: account?.balance.amount ?? position.quantity,
      available: account?.available.amount ?? position.available,
    }
  })
  const action = (
    <Button size="small" onClick={onDeposit}>
      <Plus aria-hidden className="size-4" /> Deposit
    </Button>
  )
  return (
    <Card title="Portfolio" actions={action} bodyClassName="pb-2">
      {loading && <SkeletonRows rows={4} label="Loading your balances" />}
      {error !== undefined && <Failure error={error} onRetry={reload} />}
      {!loading && error === undefined && (
        <>
          <p aria-label="Portfolio value" className="figures px-4 pb-2 text-2xl font-semibold tracking-tight">
            {formatMoney({ amount: portfolioValue(held, prices), currency: 'EUR' })}
          </p>
          {held.length === 0 && <p className="text-muted px-4 pb-4">Nothing here yet. A deposit is a good start.</p>}
          <ul aria-label="Balances" className="divide-line divide-y">
            {held.map((position) => {
              const value = positionValue(position, prices)
              return (
                <li
                  key={position.account.id}
                  aria-label={`${position.currency} balance`}
                  className="figures flex items-baseline justify-between gap-3 px-4 py-2"
                >
                  <div className="min-w-0">
                    <p className="font-medium">
                      {formatHolding({ amount: position.quantity, currency: position.currency })}
                    </p>
                    <p className="text-muted text-xs">
                      {formatHolding({ amount: position.available, currency: position.currency })} available
                    </p>
                  </div>
                  <div className="text-right">
                    {position.currency !== 'EUR' && (
                      <p>{value === undefined ? '–' : formatMoney({ amount: value, currency: 'EUR' })}</p>
                    )}
                    {position.unrealizedProfit !== null && (
                      <p className={classNames('text-xs', toneOf(position.unrealizedProfit.amount))}>
                        <span className="sr-only">Profit </span>
                        {formatChange(position.unrealizedProfit)}
                      </p>
                    )}
                  </div>
                </li>
              )
            })}
          </ul>
        </>
      )}
    </Card>
  )
}
