import { demoAccounts, demoPeople, demoWallets, toMinor } from '../_kit/index.ts'
import type { CurrencyCode, Platform } from '../_kit/index.ts'
import { requestLifeMs } from './asking.ts'
import type { Service } from './context.ts'
import { blankPayment } from './issuing.ts'
import type { PaymentRecord, PaymentRuleRecord } from './records.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000
const walletsCreatedDaysAgo = 100
const ruleAddedDaysAgo = 60

/** Ids of the demo data that tests name. */
export const demoRule = '01JDEM0RV1E000000000000001'
export const demoRequest = '01JDEM0REQVEST000000000001'

type Owner = keyof typeof demoWallets

/**
 * Writes a wallet for each of the demo people, a spending limit of Ada's, and what Carol asks of her. Keys are made anew
 * in each system. There are no payments of the past: each would need its transfer in the ledger.
 */
export const seed = async ({ store, vault }: Service, { now }: Platform): Promise<void> => {
  const owners = Object.keys(demoWallets) as Owner[]
  const known = new Set((await store.wallets(Object.values(demoWallets))).map(({ id }) => id))
  const missing = owners.filter((owner) => !known.has(demoWallets[owner]))
  if (missing.length === 0) return
  const ago = (days: number): Date => new Date(now().getTime() - days * dayMs)
  const wallets = missing.map((owner) => {
    const id = demoWallets[owner]
    const createdAt = ago(walletsCreatedDaysAgo)
    return { id, ownerId: demoPeople[owner].id, name: 'Everyday', ...vault.create(id), createdAt }
  })
  const accounts = missing.flatMap((owner) =>
    Object.entries(demoAccounts[owner]).map(([currency, accountId]) => ({
      walletId: demoWallets[owner],
      currency: currency as CurrencyCode,
      accountId,
    })),
  )
  const limit: PaymentRuleRecord = {
    id: demoRule,
    walletId: demoWallets.ada,
    ownerId: demoPeople.ada.id,
    name: 'Monthly budget',
    kind: 'SPENDING_LIMIT',
    amount: toMinor({ amount: '5000', currency: 'EUR' }),
    currency: 'EUR',
    period: 'MONTH',
    payeeIds: [],
    sharePercents: [],
    memo: null,
    firstRunAt: null,
    nextRunAt: null,
    createdAt: ago(ruleAddedDaysAgo),
    removedAt: null,
  }
  const createdAt = new Date(now().getTime() - hourMs)
  const request: PaymentRecord = {
    ...blankPayment,
    id: demoRequest,
    status: 'REQUESTED',
    payerId: demoPeople.ada.id,
    payeeId: demoPeople.carol.id,
    toWalletId: demoWallets.carol,
    toAccountId: demoAccounts.carol.EUR,
    amount: toMinor({ amount: '18.50', currency: 'EUR' }),
    currency: 'EUR',
    memo: 'Cinema tickets',
    createdAt,
    expiresAt: new Date(createdAt.getTime() + requestLifeMs),
  }
  await store.addDemoData({ wallets, accounts, rules: [limit], payments: [request] })
}
