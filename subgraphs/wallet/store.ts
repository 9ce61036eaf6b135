import type { Events } from '@codai/stores'
import type { PrismaClient } from '../.generated/prisma/client.ts'
import type { PaymentRecord, PaymentRuleRecord, WalletAccount, WalletRecord } from './records.ts'
import { createChainStore } from './store-chain.ts'
import { transactWallets } from './transaction.ts'
import type { WalletRequest, WalletTransaction } from './transaction.ts'

/** Where a page goes on: the sort key, and the id that tells equals apart. */
export type Place = { createdAt: Date; id: string }

const walletFields = { id: true, ownerId: true, name: true, address: true, createdAt: true } as const

const oldestFirst = [{ createdAt: 'asc' as const }, { id: 'asc' as const }]
const newestFirst = [{ createdAt: 'desc' as const }, { id: 'desc' as const }]

const behind = (after: Place | undefined): object =>
  after ? { OR: [{ createdAt: { gt: after.createdAt } }, { createdAt: after.createdAt, id: { gt: after.id } }] } : {}

const before = (after: Place | undefined): object =>
  after ? { OR: [{ createdAt: { lt: after.createdAt } }, { createdAt: after.createdAt, id: { lt: after.id } }] } : {}

/** All that the wallets read and write. */
export type Store = ReturnType<typeof createStore>

// oxlint-disable-next-line typescript/explicit-module-boundary-types -- the type is what it returns
export const createStore = (client: PrismaClient, events: Events) => ({
  ...createChainStore(client),

  transact: <Result>(work: (transaction: WalletTransaction) => Promise<Result>): Promise<Result> =>
    transactWallets(client, events, work),

  request: async (actor: string, key: string): Promise<WalletRequest | undefined> =>
    (await client.walletRequest.findUnique({ where: { actor_key: { actor, key } } })) ?? undefined,

  wallets: (ids: readonly string[]): Promise<WalletRecord[]> =>
    client.wallet.findMany({ where: { id: { in: [...ids] } }, select: walletFields }),

  /** A person's wallets, oldest first. */
  walletsOf: (ownerId: string, limit: number, after?: Place): Promise<WalletRecord[]> =>
    client.wallet.findMany({
      where: { ownerId, ...behind(after) },
      orderBy: oldestFirst,
      take: limit,
      select: walletFields,
    }),

  /** The accounts of wallets, each wallet's in the order of currencies. */
  accountsOf: async (walletIds: readonly string[]): Promise<WalletAccount[]> =>
    (await client.walletAccount.findMany({
      where: { walletId: { in: [...walletIds] } },
      orderBy: { currency: 'asc' },
    })) as WalletAccount[],

  /** Writes demo data as it is; what is there already stays as it is. */
  addDemoData: async (data: {
    wallets: (WalletRecord & { sealedKey: string })[]
    accounts: WalletAccount[]
    rules: PaymentRuleRecord[]
    payments: PaymentRecord[]
  }): Promise<void> => {
    const { wallets, accounts, rules, payments } = data
    await client.$transaction([
      client.wallet.createMany({ data: wallets, skipDuplicates: true }),
      client.walletAccount.createMany({ data: accounts, skipDuplicates: true }),
      client.paymentRule.createMany({ data: rules, skipDuplicates: true }),
      client.payment.createMany({ data: payments, skipDuplicates: true }),
    ])
  },

  rules: async (ids: readonly string[]): Promise<PaymentRuleRecord[]> =>
    (await client.paymentRule.findMany({ where: { id: { in: [...ids] } } })) as PaymentRuleRecord[],

  /** The rules of a wallet that were not removed, oldest first. */
  rulesOf: async (walletId: string, limit: number, after?: Place): Promise<PaymentRuleRecord[]> =>
    (await client.paymentRule.findMany({
      where: { walletId, removedAt: null, ...behind(after) },
      orderBy: oldestFirst,
      take: limit,
    })) as PaymentRuleRecord[],

  payments: async (ids: readonly string[]): Promise<PaymentRecord[]> =>
    (await client.payment.findMany({ where: { id: { in: [...ids] } } })) as PaymentRecord[],

  /** What a wallet paid and received, newest first. */
  paymentsOf: async (walletId: string, limit: number, after?: Place): Promise<PaymentRecord[]> => {
    const page = { orderBy: newestFirst, take: limit }
    // Two short walks along two indexes; together they would be one long walk along none.
    const [sent, received] = await Promise.all([
      client.payment.findMany({ where: { fromWalletId: walletId, ...before(after) }, ...page }),
      client.payment.findMany({ where: { toWalletId: walletId, ...before(after) }, ...page }),
    ])
    return ([...sent, ...received] as PaymentRecord[])
      .toSorted((one, other) => other.createdAt.getTime() - one.createdAt.getTime() || (one.id < other.id ? 1 : -1))
      .slice(0, limit)
  },

  /** What others ask a person to pay, newest first. */
  requestsTo: async (payerId: string, now: Date, limit: number, after?: Place): Promise<PaymentRecord[]> =>
    (await client.payment.findMany({
      where: { payerId, status: 'REQUESTED', expiresAt: { gt: now }, ...before(after) },
      orderBy: newestFirst,
      take: limit,
    })) as PaymentRecord[],

  /** How many payments have arrived in a wallet; undefined when there is no such wallet. */
  arrivals: async (walletId: string): Promise<bigint | undefined> =>
    (await client.wallet.findUnique({ where: { id: walletId }, select: { arrivals: true } }))?.arrivals,

  /** The payments that arrived in a wallet after a number of them, in the order in which they arrived. */
  arrivalsAfter: async (walletId: string, arrival: bigint, limit: number): Promise<PaymentRecord[]> =>
    (await client.payment.findMany({
      where: { toWalletId: walletId, arrival: { gt: arrival } },
      orderBy: { arrival: 'asc' },
      take: limit,
    })) as PaymentRecord[],

  /**
   * Takes payments that are on their way and that nobody is working on, for the time until `nextAttemptAt`. With each
   * comes when it was tried before. Each payment is taken by one process, whatever number of them asks.
   */
  takePending: async (
    now: Date,
    nextAttemptAt: Date,
    limit: number,
  ): Promise<{ payment: PaymentRecord; triedBefore: Date | null }[]> => {
    const taken = await client.$queryRaw<{ id: string; triedBefore: Date | null }[]>`
      UPDATE wallet.payments SET attempted_at = ${now}, next_attempt_at = ${nextAttemptAt}
      FROM (
        SELECT id, attempted_at AS tried_before FROM wallet.payments
        WHERE status = 'PENDING' AND next_attempt_at <= ${now}
        ORDER BY next_attempt_at LIMIT ${limit} FOR NO KEY UPDATE SKIP LOCKED
      ) AS due
      WHERE payments.id = due.id
      RETURNING payments.id, due.tried_before AS "triedBefore"`
    const payments = await client.payment.findMany({ where: { id: { in: taken.map(({ id }) => id) } } })
    const tried = new Map(taken.map(({ id, triedBefore }) => [id, triedBefore]))
    return (payments as PaymentRecord[]).map((payment) => ({ payment, triedBefore: tried.get(payment.id) ?? null }))
  },

  /** Lets a payment that is on its way rest until an instant. */
  postpone: async (id: string, nextAttemptAt: Date): Promise<void> => {
    await client.payment.updateMany({ where: { id, status: 'PENDING' }, data: { nextAttemptAt } })
  },

  /** Writes down which requests were not answered, and which authorizations not captured, in time. */
  expirePayments: async (now: Date): Promise<void> => {
    const expired = { status: 'EXPIRED' as const }
    await client.payment.updateMany({ where: { status: 'REQUESTED', expiresAt: { lte: now } }, data: expired })
    await client.payment.updateMany({ where: { status: 'AUTHORIZED', heldUntil: { lte: now } }, data: expired })
  },

  /** The ids of rules whose payment is due, with their wallets. */
  dueRules: (now: Date, limit: number): Promise<{ id: string; walletId: string }[]> =>
    client.paymentRule.findMany({
      where: { removedAt: null, nextRunAt: { lte: now } },
      orderBy: { nextRunAt: 'asc' },
      take: limit,
      select: { id: true, walletId: true },
    }),
})
