import { demoAccounts, demoPeople, toMinor } from '../_kit/index.ts'
import type { CurrencyCode, Platform } from '../_kit/index.ts'
import { ledgerActor } from './actor.ts'
import type { Ledger } from './context.ts'
import type { Past } from './history.ts'

type Owner = keyof typeof demoAccounts

const names = { EUR: 'Everyday', BTC: 'Bitcoin', ETH: 'Ether', CDX: 'Codai tokens' } as const
type Traded = keyof typeof names
const traded = Object.keys(names) as Traded[]

/** What everyone ends up with, after all that is told below. */
const balances: Record<Owner, Record<Traded, string>> = {
  ada: { EUR: '25000', BTC: '0.5', ETH: '4', CDX: '1000' },
  bob: { EUR: '18000', BTC: '0.25', ETH: '6', CDX: '2500' },
  carol: { EUR: '32000', BTC: '0.8', ETH: '2.5', CDX: '400' },
  marketMaker: { EUR: '50000000', BTC: '500', ETH: '10000', CDX: '50000000' },
  liquidityTaker: { EUR: '50000000', BTC: '500', ETH: '10000', CDX: '50000000' },
}

type Payment = { daysAgo: number; from: Owner; to: Owner; currency: Traded; amount: string; memo: string }

const payments: readonly Payment[] = [
  { daysAgo: 112, from: 'bob', to: 'ada', currency: 'EUR', amount: '1450', memo: 'Logo and style guide' },
  { daysAgo: 105, from: 'ada', to: 'carol', currency: 'EUR', amount: '620', memo: 'Desk share, first month' },
  { daysAgo: 97, from: 'ada', to: 'bob', currency: 'EUR', amount: '38.40', memo: 'Pizza on Friday' },
  { daysAgo: 88, from: 'carol', to: 'ada', currency: 'CDX', amount: '150', memo: 'Thank you for the workshop' },
  { daysAgo: 75, from: 'ada', to: 'carol', currency: 'EUR', amount: '620', memo: 'Desk share' },
  { daysAgo: 69, from: 'carol', to: 'bob', currency: 'EUR', amount: '2300', memo: 'Website, invoice 2041' },
  { daysAgo: 61, from: 'bob', to: 'ada', currency: 'ETH', amount: '0.35', memo: 'Conference tickets' },
  { daysAgo: 45, from: 'ada', to: 'carol', currency: 'EUR', amount: '620', memo: 'Desk share' },
  { daysAgo: 40, from: 'carol', to: 'ada', currency: 'EUR', amount: '875.50', memo: 'Photos for the catalogue' },
  { daysAgo: 33, from: 'ada', to: 'bob', currency: 'BTC', amount: '0.012', memo: 'Server hosting, one year' },
  { daysAgo: 26, from: 'bob', to: 'carol', currency: 'EUR', amount: '74.90', memo: 'Theatre' },
  { daysAgo: 15, from: 'ada', to: 'carol', currency: 'EUR', amount: '620', memo: 'Desk share' },
  { daysAgo: 9, from: 'bob', to: 'ada', currency: 'EUR', amount: '1980', memo: 'Illustrations, invoice 77' },
  { daysAgo: 4, from: 'carol', to: 'bob', currency: 'CDX', amount: '60', memo: 'Happy birthday' },
  { daysAgo: 2, from: 'ada', to: 'bob', currency: 'EUR', amount: '21.30', memo: 'Lunch' },
]

const dayMs = 86_400_000
const accountsOpenedDaysAgo = 120

const padded = (number: number): string => String(number).padStart(3, '0')

/** Ids of the demo data that tests name. */
export const demoTransfer = '01JDEM0TRANSFER00000000002'
export const demoHold = '01JDEM0H01D000000000000001'

const minorOf = (amount: string, currency: CurrencyCode): bigint => toMinor({ amount, currency })

/** What somebody has to begin with so that the payments lead to the balances. */
const openingAmount = (owner: Owner, currency: Traded): bigint => {
  const own = payments.filter((payment) => payment.currency === currency)
  const sum = (some: readonly Payment[]): bigint =>
    some.reduce((total, { amount }) => total + minorOf(amount, currency), 0n)
  const received = sum(own.filter(({ to }) => to === owner))
  const paid = sum(own.filter(({ from }) => from === owner))
  return minorOf(balances[owner][currency], currency) - received + paid
}

/** Writes the accounts of the demo people and some months of their history, once. */
export const seed = async ({ history, store }: Ledger, { now }: Platform): Promise<void> => {
  if (await store.isDone(ledgerActor.key, demoHold)) return
  const ago = (days: number): Date => new Date(now().getTime() - days * dayMs)
  const opened = ago(accountsOpenedDaysAgo)

  for (const [owner, accounts] of Object.entries(demoAccounts) as [Owner, (typeof demoAccounts)[Owner]][]) {
    for (const currency of traded) {
      const id = accounts[currency]
      await history.account({ id, at: opened }, { ownerId: demoPeople[owner].id, name: names[currency], currency })
      const deposit: Past = { id: `${id.slice(0, -1)}D`, at: opened }
      await history.deposit(deposit, { to: id, currency, amount: openingAmount(owner, currency) })
    }
  }
  for (const [index, { daysAgo, from, to, currency, amount, memo }] of payments.entries()) {
    const past: Past = { id: `${demoTransfer.slice(0, -3)}${padded(index + 1)}`, at: ago(daysAgo) }
    const accounts = { from: demoAccounts[from][currency], to: demoAccounts[to][currency] }
    await history.transfer(past, { ...accounts, amount: minorOf(amount, currency), memo })
  }
  await history.hold(
    { id: demoHold, at: ago(1) },
    { account: demoAccounts.ada.EUR, amount: minorOf('60', 'EUR'), reason: 'Deposit for a rented bicycle' },
  )
}
