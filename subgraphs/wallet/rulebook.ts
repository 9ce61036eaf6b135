import {
  badInput,
  codedError,
  ExactDecimal,
  notFound,
  optionalText,
  requiredText,
  requireId,
  toPositiveMinor,
} from '../_kit/index.ts'
import type { Money } from '../_kit/index.ts'
import { requireIds } from './inputs.ts'
import { accountFor, lockOwnWallet } from './payments.ts'
import type { PaymentRuleRecord, RulePeriod } from './records.ts'
import { sharedPercent, wholePercent } from './rules.ts'
import type { Store } from './store.ts'

const mostRules = 50
const payeesOfList = [1, 50] as const
const sharesOfSplit = [1, 10] as const
const minuteMs = 60_000

export type AddRuleInput = {
  wallet: string
  name: string
  spendingLimit?: { amount: Money; period: RulePeriod } | null | undefined
  allowList?: readonly string[] | null | undefined
  scheduledPayment?:
    | {
        payee: string
        amount: Money
        memo?: string | null | undefined
        firstRunAt: Date
        period?: RulePeriod | null | undefined
      }
    | null
    | undefined
  autoSplit?: readonly { payee: string; percent: string }[] | null | undefined
}

/** What a rule does, without what it belongs to. */
type Terms = Omit<PaymentRuleRecord, 'id' | 'walletId' | 'ownerId' | 'name' | 'createdAt' | 'removedAt'>

const nothing = {
  amount: null,
  currency: null,
  period: null,
  payeeIds: [],
  sharePercents: [],
  memo: null,
  firstRunAt: null,
  nextRunAt: null,
} satisfies Partial<Terms>

const limitTerms = ({ amount, period }: NonNullable<AddRuleInput['spendingLimit']>): Terms => ({
  ...nothing,
  kind: 'SPENDING_LIMIT',
  amount: toPositiveMinor(amount),
  currency: amount.currency,
  period,
})

const listTerms = (payees: readonly string[]): Terms => ({
  ...nothing,
  kind: 'ALLOW_LIST',
  payeeIds: requireIds('User', payees, payeesOfList, 'allowList'),
})

const scheduleTerms = (
  { payee, amount, memo, firstRunAt, period }: NonNullable<AddRuleInput['scheduledPayment']>,
  userId: string,
  now: Date,
): Terms => {
  if (payee === userId) throw badInput('Somebody else than you is paid.', { field: 'payee' })
  // Whoever means now says an instant that is past when it arrives.
  if (firstRunAt.getTime() < now.getTime() - minuteMs) {
    throw badInput('It cannot be paid first in the past.', { field: 'firstRunAt' })
  }
  return {
    ...nothing,
    kind: 'SCHEDULED_PAYMENT',
    amount: toPositiveMinor(amount),
    currency: amount.currency,
    period: period ?? null,
    payeeIds: [requireId('User', payee)],
    memo: optionalText(memo, 200, 'memo'),
    firstRunAt,
    nextRunAt: firstRunAt,
  }
}

const hundredths = (percent: string): number => {
  const exact = new ExactDecimal(percent).mul(100)
  if (exact.isInteger() && exact.gt(0) && exact.lte(wholePercent)) return exact.toNumber()
  throw badInput(`A share is above 0 and at most 100 percent, with at most two decimals: ${percent} is not.`, {
    field: 'percent',
  })
}

const splitTerms = (shares: NonNullable<AddRuleInput['autoSplit']>, userId: string): Terms => {
  const payees = shares.map(({ payee }) => payee)
  const payeeIds = requireIds('User', payees, sharesOfSplit, 'autoSplit')
  if (payeeIds.includes(userId)) throw badInput('What is not shared is yours anyway.', { field: 'payee' })
  return { ...nothing, kind: 'AUTO_SPLIT', payeeIds, sharePercents: shares.map(({ percent }) => hundredths(percent)) }
}

const termsOf = (input: AddRuleInput, userId: string, now: Date): Terms => {
  const { spendingLimit, allowList, scheduledPayment, autoSplit } = input
  const terms = [
    spendingLimit && limitTerms(spendingLimit),
    allowList && listTerms(allowList),
    scheduledPayment && scheduleTerms(scheduledPayment, userId, now),
    autoSplit && splitTerms(autoSplit, userId),
  ].filter((given) => given != null)
  const [only] = terms
  if (only && terms.length === 1) return only
  throw badInput('Give exactly one of `spendingLimit`, `allowList`, `scheduledPayment` and `autoSplit`.')
}

const requireRoom = (rules: readonly PaymentRuleRecord[], terms: Terms): void => {
  if (rules.length >= mostRules) throw codedError('LIMIT_EXCEEDED', `A wallet has at most ${mostRules} rules.`)
  const left = wholePercent - sharedPercent(rules)
  if (sharedPercent([terms]) > left) {
    const percent = new ExactDecimal(left).div(100).toFixed()
    throw badInput(`All shares of a wallet are together at most 100 percent, and ${percent} are left.`, {
      field: 'autoSplit',
    })
  }
}

/** Adds and removes the rules of wallets. */
export const createRulebook = (options: { store: Store; newId: () => string; now: () => Date }) => {
  const { store, newId, now } = options

  return {
    /** Adds a rule to an own wallet. LIMIT_EXCEEDED at its 51st. */
    addRule: (userId: string, input: AddRuleInput): Promise<PaymentRuleRecord> => {
      const walletId = requireId('Wallet', input.wallet)
      const name = requiredText(input.name, 60, 'name')
      const createdAt = now()
      const terms = termsOf(input, userId, createdAt)
      return store.transact(async (tx) => {
        const wallet = await lockOwnWallet(tx, userId, walletId)
        if (terms.currency !== null) accountFor(wallet, terms.currency)
        requireRoom(await tx.rules(walletId), terms)
        const rule = { ...terms, id: newId(), walletId, ownerId: userId, name, createdAt, removedAt: null }
        await tx.insertRule(rule)
        return rule
      })
    },

    /** Removes a rule of an own wallet; a second call changes nothing. */
    removeRule: (userId: string, ruleId: string): Promise<PaymentRuleRecord> => {
      const id = requireId('PaymentRule', ruleId)
      return store.transact(async (tx) => {
        const found = await tx.rule(id)
        if (found?.ownerId !== userId) throw notFound('PaymentRule', id)
        // Payments are decided under the same lock: none leaves by a rule that is gone.
        await tx.lockWallet(found.walletId)
        const rule = (await tx.rule(id)) ?? found
        if (rule.removedAt !== null) return rule
        const change = { removedAt: now(), nextRunAt: null }
        await tx.updateRule(id, change)
        return { ...rule, ...change }
      })
    },
  }
}
