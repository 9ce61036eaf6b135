import type { Events } from '@codai/stores'
import { transact } from '../_kit/index.ts'
import type { CurrencyCode } from '../_kit/index.ts'
import type { Prisma, PrismaClient } from '../.generated/prisma/client.ts'
import { periodStart } from './periods.ts'
import type { ChainTransferRecord, PaymentRecord, PaymentRuleRecord, WalletAccount, WalletRecord } from './records.ts'
import type { Spent } from './rules.ts'
import { insertChainTransfer } from './store-chain.ts'

/** What was asked for under an idempotency key. */
export type WalletRequest = {
  actor: string
  key: string
  operation: string
  contentHash: string
  /** The id of what comes of it. */
  resultId: string
  createdAt: Date
}

/** A wallet that no other transaction changes, or pays from, before this one ends. */
export type LockedWallet = {
  id: string
  ownerId: string
  /** How many payments arrived so far. */
  arrivals: bigint
  /** Its accounts by currency. */
  accounts: ReadonlyMap<CurrencyCode, string>
}

/** One end of a payment. */
export type WalletEnd = { walletId: string; ownerId: string; accountId: string }

/** A signed transaction of the chain, with the version of the wallet's transfers that it was decided on. */
export type NewChainTransfer = Omit<ChainTransferRecord, 'id' | 'from' | 'status'> & { decidedOn: number }

/** What a transaction of the wallets can do. Everything becomes permanent together, or nothing does. */
export type WalletTransaction = {
  /**
   * Claims an idempotency key, waiting for whoever is claiming it at the same time.
   * Undefined when it is ours; else the earlier request. Before any wallet is locked.
   */
  claim(request: WalletRequest): Promise<WalletRequest | undefined>
  /** Lets one transaction at a time look at what wallets a person has, and act on it. */
  lockPerson(ownerId: string): Promise<void>
  /** Locks a wallet: one for each transaction, so that no two wait for each other in a circle. */
  lockWallet(id: string): Promise<LockedWallet | undefined>
  countWallets(ownerId: string): Promise<number>
  insertWallet(wallet: WalletRecord & { sealedKey: string }, accounts: readonly WalletAccount[]): Promise<void>
  /** Where a wallet gets money of a currency; `accountId` is null when it holds none of it. */
  end(
    walletId: string,
    currency: CurrencyCode,
  ): Promise<(Omit<WalletEnd, 'accountId'> & { accountId: string | null }) | undefined>
  /** The person's first wallet with a currency. */
  firstEnd(ownerId: string, currency: CurrencyCode): Promise<WalletEnd | undefined>
  /** The rules of a wallet that were not removed, oldest first. */
  rules(walletId: string): Promise<PaymentRuleRecord[]>
  rule(id: string): Promise<PaymentRuleRecord | undefined>
  insertRule(rule: PaymentRuleRecord): Promise<void>
  updateRule(id: string, change: Partial<Pick<PaymentRuleRecord, 'nextRunAt' | 'removedAt'>>): Promise<void>
  /** What a wallet has paid and is paying in the periods that run at an instant. */
  spent(walletId: string, currency: CurrencyCode, at: Date): Promise<Spent>
  /** Locks a payment. After its wallet. */
  lockPayment(id: string): Promise<PaymentRecord | undefined>
  /** False when the same rule has made this payment already. */
  insertPayment(payment: PaymentRecord): Promise<boolean>
  /** What pays a payment back, or is about to; undefined when nothing does. */
  refundOf(paymentId: string): Promise<PaymentRecord | undefined>
  updatePayment(id: string, change: Partial<PaymentRecord>): Promise<PaymentRecord>
  setArrivals(walletId: string, arrivals: bigint): Promise<void>
  /** Adds a transfer to its wallet; false when the wallet's transfers changed since it was decided on. */
  insertChainTransfer(id: string, transfer: NewChainTransfer): Promise<boolean>
  publish: (event: Parameters<Events['publish']>[1]) => Promise<string>
}

/** Runs a transaction of the wallets. UNAVAILABLE when no connection gets free in time. */
export const transactWallets = <Result>(
  client: PrismaClient,
  events: Events,
  work: (transaction: WalletTransaction) => Promise<Result>,
): Promise<Result> => transact(client, 'The wallets are', (tx) => work(createTransaction(tx, events)))

const createTransaction = (tx: Prisma.TransactionClient, events: Events): WalletTransaction => ({
  claim: async (request) => {
    const { count } = await tx.walletRequest.createMany({ data: [request], skipDuplicates: true })
    if (count === 1) return undefined
    const { actor, key } = request
    return tx.walletRequest.findUniqueOrThrow({ where: { actor_key: { actor, key } } })
  },

  lockPerson: async (ownerId) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('wallet.person'), hashtext(${ownerId}))`
  },

  lockWallet: async (id) => {
    // Weaker than FOR UPDATE: a payment to this wallet, whose row refers to it, need not wait.
    const [wallet] = await tx.$queryRaw<Omit<LockedWallet, 'accounts'>[]>`
      SELECT id, owner_id AS "ownerId", arrivals FROM wallet.wallets WHERE id = ${id} FOR NO KEY UPDATE`
    if (!wallet) return undefined
    const accounts = await tx.walletAccount.findMany({ where: { walletId: id } })
    return { ...wallet, accounts: new Map(accounts.map((row) => [row.currency as CurrencyCode, row.accountId])) }
  },

  countWallets: (ownerId) => tx.wallet.count({ where: { ownerId } }),

  insertWallet: async (wallet, accounts) => {
    await tx.wallet.create({ data: wallet })
    await tx.walletAccount.createMany({ data: [...accounts] })
  },

  end: async (walletId, currency) => {
    const wallet = await tx.wallet.findUnique({
      where: { id: walletId },
      select: { ownerId: true, accounts: { where: { currency } } },
    })
    return wallet ? { walletId, ownerId: wallet.ownerId, accountId: wallet.accounts[0]?.accountId ?? null } : undefined
  },

  firstEnd: async (ownerId, currency) => {
    const [wallet] = await tx.$queryRaw<WalletEnd[]>`
      SELECT wallets.id AS "walletId", wallets.owner_id AS "ownerId", wallet_accounts.account_id AS "accountId"
      FROM wallet.wallets
      JOIN wallet.wallet_accounts ON wallet_id = wallets.id AND currency = ${currency}
      WHERE owner_id = ${ownerId} ORDER BY wallets.created_at, wallets.id LIMIT 1`
    return wallet
  },

  rules: async (walletId) =>
    (await tx.paymentRule.findMany({
      where: { walletId, removedAt: null },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    })) as PaymentRuleRecord[],

  rule: async (id) =>
    ((await tx.paymentRule.findUnique({ where: { id } })) ?? undefined) as PaymentRuleRecord | undefined,

  insertRule: async (rule) => {
    await tx.paymentRule.create({ data: rule })
  },

  updateRule: async (id, change) => {
    await tx.paymentRule.update({ where: { id }, data: change })
  },

  spent: async (walletId, currency, at) => {
    const [day, week, month] = [periodStart('DAY', at), periodStart('WEEK', at), periodStart('MONTH', at)]
    const [spent] = await tx.$queryRaw<Spent[]>`
      SELECT COALESCE(sum(amount) FILTER (WHERE accepted_at >= ${day}), 0)::bigint AS "DAY",
        COALESCE(sum(amount) FILTER (WHERE accepted_at >= ${week}), 0)::bigint AS "WEEK",
        COALESCE(sum(amount) FILTER (WHERE accepted_at >= ${month}), 0)::bigint AS "MONTH"
      FROM wallet.payments
      WHERE from_wallet_id = ${walletId} AND currency = ${currency} AND status IN ('PENDING', 'AUTHORIZED', 'SETTLED')
        AND refund_of_id IS NULL AND accepted_at >= ${new Date(Math.min(week.getTime(), month.getTime()))}`
    return spent ?? { DAY: 0n, WEEK: 0n, MONTH: 0n }
  },

  lockPayment: async (id) => {
    await tx.$queryRaw`SELECT 1 FROM wallet.payments WHERE id = ${id} FOR NO KEY UPDATE`
    return ((await tx.payment.findUnique({ where: { id } })) ?? undefined) as PaymentRecord | undefined
  },

  insertPayment: async (payment) =>
    (await tx.payment.createMany({ data: [payment], skipDuplicates: true })).count === 1,

  refundOf: async (paymentId) =>
    ((await tx.payment.findFirst({ where: { refundOfId: paymentId, status: { not: 'FAILED' } } })) ?? undefined) as
      | PaymentRecord
      | undefined,

  updatePayment: async (id, change) => (await tx.payment.update({ where: { id }, data: change })) as PaymentRecord,

  setArrivals: async (walletId, arrivals) => {
    await tx.wallet.update({ where: { id: walletId }, data: { arrivals } })
  },

  insertChainTransfer: (id, transfer) => insertChainTransfer(tx, id, transfer),

  publish: (event) => events.publish(tx, event),
})
