import { Plus, ShieldCheck, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { RemoveRuleDocument } from '../.generated/wallet.ts'
import type { PaymentRuleKind, RulePeriod, WalletDetailsFragment, WalletRuleFragment } from '../.generated/wallet.ts'
import { explain } from '../client/errors.ts'
import { useAction } from '../client/use-action.ts'
import { Button } from '../design/button.tsx'
import { Card } from '../design/card.tsx'
import { Empty } from '../design/states.tsx'
import { useToasts } from '../design/toasts.tsx'
import { formatMoney } from '../shared/money.ts'
import { formatMoment } from '../shared/time.ts'
import { AddRuleDialog } from './add-rule-dialog.tsx'

const each: Readonly<Record<RulePeriod, string>> = { DAY: 'a day', WEEK: 'a week', MONTH: 'a month' }
const every: Readonly<Record<RulePeriod, string>> = { DAY: 'every day', WEEK: 'every week', MONTH: 'every month' }

const people = (list: WalletRuleFragment['payees']): string => (list ?? []).map(({ handle }) => handle).join(', ')

const money = (rule: WalletRuleFragment): string => (rule.amount === null ? '' : formatMoney(rule.amount))

const describe: Readonly<Record<PaymentRuleKind, (rule: WalletRuleFragment) => string>> = {
  SPENDING_LIMIT: (rule) => `At most ${money(rule)} ${rule.period === null ? '' : each[rule.period]}`,
  ALLOW_LIST: (rule) => `Pays only ${people(rule.payees)}`,
  SCHEDULED_PAYMENT: (rule) => {
    const next = rule.nextRunAt === null ? 'done' : `next ${formatMoment(rule.nextRunAt)}`
    return `${money(rule)} to ${people(rule.payees)} ${rule.period === null ? 'once' : every[rule.period]} · ${next}`
  },
  AUTO_SPLIT: (rule) =>
    `Passes on ${(rule.shares ?? []).map((share) => `${share.percent}% to ${share.payee.handle}`).join(', ')}`,
}

const RuleItem = ({ rule }: { rule: WalletRuleFragment }) => {
  const toasts = useToasts()
  const { busy, attempt } = useAction(RemoveRuleDocument)
  const remove = async (): Promise<void> => {
    try {
      await attempt({ rule: rule.id })
      toasts.show('done', `Rule ${rule.name} removed`)
    } catch (error) {
      toasts.show('failed', 'The rule was not removed', explain(error as Error).message)
    }
  }
  return (
    <li aria-label={rule.name} className="flex items-center gap-3 px-4 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{rule.name}</p>
        <p className="text-muted text-xs">{describe[rule.kind](rule)}</p>
      </div>
      <Button
        look="quiet"
        size="smallIcon"
        aria-label={`Remove rule ${rule.name}`}
        busy={busy}
        onClick={() => void remove()}
      >
        <Trash2 aria-hidden className="size-4" />
      </Button>
    </li>
  )
}

/** What every payment of a wallet must keep. */
export const Rules = ({ wallet }: { wallet: WalletDetailsFragment }) => {
  const [adding, setAdding] = useState(false)
  const rules = wallet.rules.edges.map((edge) => edge.node)
  const action = (
    <Button size="small" onClick={() => setAdding(true)}>
      <Plus aria-hidden className="size-4" /> Add rule
    </Button>
  )
  return (
    <Card title="Rules" actions={action} bodyClassName="pb-2">
      {rules.length === 0 ? (
        <Empty icon={ShieldCheck} title="No rules">
          A limit, a list of people, a payment that repeats, or a share that is passed on.
        </Empty>
      ) : (
        <ul aria-label="Rules" className="divide-line divide-y">
          {rules.map((rule) => (
            <RuleItem key={rule.id} rule={rule} />
          ))}
        </ul>
      )}
      {adding && <AddRuleDialog wallet={wallet} onClose={() => setAdding(false)} />}
    </Card>
  )
}
