import { codedError } from '../_kit/index.ts'
import type { CurrencyCode } from '../_kit/index.ts'
import type { PaymentRuleRecord, RulePeriod } from './records.ts'

/** What rules judge: a payment that is about to leave the wallet. */
export type Intent = { payeeId: string; amount: bigint; currency: CurrencyCode }

/** What the wallet has paid and is paying in the currency, in each period that runs now. */
export type Spent = Readonly<Record<RulePeriod, bigint>>

/** A part of what arrives, that a rule passes on. */
export type Share = { rule: PaymentRuleRecord; share: number; payeeId: string; amount: bigint }

/** All of it, in hundredths of a percent. */
export const wholePercent = 10_000

const allows = (rule: PaymentRuleRecord, { payeeId, amount, currency }: Intent, spent: Spent): boolean => {
  if (rule.kind === 'ALLOW_LIST') return rule.payeeIds.includes(payeeId)
  if (rule.kind !== 'SPENDING_LIMIT' || rule.currency !== currency) return true
  if (rule.amount === null || rule.period === null) return true
  return spent[rule.period] + amount <= rule.amount
}

/** The first rule, the oldest before others, that does not allow a payment; undefined when all do. */
export const refusingRule = (
  rules: readonly PaymentRuleRecord[],
  intent: Intent,
  spent: Spent,
): PaymentRuleRecord | undefined => rules.find((rule) => !allows(rule, intent, spent))

/** PAYMENT_RULE_REFUSED, naming the rule. */
export const ruleRefused = ({ id, name }: Pick<PaymentRuleRecord, 'id' | 'name'>): Error =>
  codedError('PAYMENT_RULE_REFUSED', `The rule "${name}" does not allow this payment.`, { rule: { id, name } })

/** The shares of an amount that arrived, rounded down; what the rounding leaves stays, and shares of nothing are left out. */
export const sharesOf = (rules: readonly PaymentRuleRecord[], amount: bigint): Share[] =>
  rules
    .filter(({ kind }) => kind === 'AUTO_SPLIT')
    .flatMap((rule) =>
      rule.payeeIds.map((payeeId, share) => ({
        rule,
        share,
        payeeId,
        amount: (amount * BigInt(rule.sharePercents[share] ?? 0)) / BigInt(wholePercent),
      })),
    )
    .filter((share) => share.amount > 0n)

/** How much of what arrives rules pass on, in hundredths of a percent. */
export const sharedPercent = (rules: readonly Pick<PaymentRuleRecord, 'sharePercents'>[]): number =>
  rules.flatMap(({ sharePercents }) => sharePercents).reduce((sum, percent) => sum + percent, 0)
