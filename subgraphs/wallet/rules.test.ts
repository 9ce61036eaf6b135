import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PaymentRuleRecord } from './records.ts'
import { refusingRule, sharedPercent, sharesOf } from './rules.ts'

const ruleOf = (change: Partial<PaymentRuleRecord>): PaymentRuleRecord => ({
  id: 'rule',
  walletId: 'wallet',
  ownerId: 'owner',
  name: 'Rule',
  kind: 'ALLOW_LIST',
  amount: null,
  currency: null,
  period: null,
  payeeIds: [],
  sharePercents: [],
  memo: null,
  firstRunAt: null,
  nextRunAt: null,
  createdAt: new Date(0),
  removedAt: null,
  ...change,
})

const amounts = fc.bigInt({ min: 0n, max: 10n ** 15n })
const unspent = { DAY: 0n, WEEK: 0n, MONTH: 0n }

describe('a spending limit', () => {
  it('is kept to the last cent, whatever was spent before', () => {
    fc.assert(
      fc.property(
        amounts,
        amounts,
        amounts,
        fc.constantFrom('DAY', 'WEEK', 'MONTH'),
        (limit, before, amount, period) => {
          const rule = ruleOf({ kind: 'SPENDING_LIMIT', amount: limit, currency: 'EUR', period })
          const spent = { ...unspent, [period]: before }
          const refused = refusingRule([rule], { payeeId: 'bob', amount, currency: 'EUR' }, spent)
          expect(refused === undefined).toBe(before + amount <= limit)
        },
      ),
    )
  })

  it('counts its own period and its own currency only', () => {
    const rule = ruleOf({ kind: 'SPENDING_LIMIT', amount: 100n, currency: 'EUR', period: 'WEEK' })
    const spent = { DAY: 100n, WEEK: 0n, MONTH: 1_000n }
    expect(refusingRule([rule], { payeeId: 'bob', amount: 100n, currency: 'EUR' }, spent)).toBeUndefined()
    expect(refusingRule([rule], { payeeId: 'bob', amount: 101n, currency: 'BTC' }, spent)).toBeUndefined()
    expect(refusingRule([rule], { payeeId: 'bob', amount: 101n, currency: 'EUR' }, spent)).toBe(rule)
  })
})

describe('rules together', () => {
  it('allow only whom every list allows, and the oldest that refuses is named', () => {
    const family = ruleOf({ id: 'family', payeeIds: ['bob', 'carol'] })
    const work = ruleOf({ id: 'work', payeeIds: ['carol', 'dan'] })
    const refusing = (payeeId: string) =>
      refusingRule([family, work], { payeeId, amount: 1n, currency: 'EUR' }, unspent)
    expect(['bob', 'carol', 'dan', 'eve'].map((payee) => refusing(payee)?.id)).toEqual([
      'work',
      undefined,
      'family',
      'family',
    ])
  })

  it('of the kinds that act do not refuse', () => {
    const acting = [ruleOf({ kind: 'AUTO_SPLIT' }), ruleOf({ kind: 'SCHEDULED_PAYMENT' })]
    expect(refusingRule(acting, { payeeId: 'bob', amount: 1n, currency: 'EUR' }, unspent)).toBeUndefined()
  })
})

describe('the shares of what arrives', () => {
  const splits = fc
    .array(fc.integer({ min: 1, max: 10_000 }), { maxLength: 10 })
    .filter((percents) => percents.reduce((sum, percent) => sum + percent, 0) <= 10_000)

  it('are never more than what arrived, each less than a unit below its part, and none of nothing', () => {
    fc.assert(
      fc.property(amounts, splits, (amount, sharePercents) => {
        const rule = ruleOf({ kind: 'AUTO_SPLIT', payeeIds: sharePercents.map(String), sharePercents })
        const shares = sharesOf([rule], amount)
        expect(shares.reduce((sum, share) => sum + share.amount, 0n)).toBeLessThanOrEqual(amount)
        expect(sharedPercent([rule])).toBeLessThanOrEqual(10_000)
        for (const { share, amount: part } of shares) {
          const exact = amount * BigInt(sharePercents[share] ?? 0)
          expect(part).toBeGreaterThan(0n)
          expect(exact - part * 10_000n).toBeGreaterThanOrEqual(0n)
          expect(exact - part * 10_000n).toBeLessThan(10_000n)
        }
      }),
    )
  })

  it('leave the rest of the rounding where it arrived', () => {
    const rule = ruleOf({ kind: 'AUTO_SPLIT', payeeIds: ['bob', 'carol'], sharePercents: [3_333, 3_333] })
    expect(sharesOf([rule], 100n).map(({ payeeId, amount }) => [payeeId, amount])).toEqual([
      ['bob', 33n],
      ['carol', 33n],
    ])
    expect(sharesOf([rule], 3n)).toEqual([])
  })
})
