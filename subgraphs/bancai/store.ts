import type { Events } from '@codai/stores'
import type { CurrencyCode } from '../_kit/index.ts'
import { Prisma } from '../.generated/prisma/client.ts'
import type { PrismaClient } from '../.generated/prisma/client.ts'
import type { Change } from './book.ts'
import type { Rate, Rates } from './rates.ts'
import { findDiscrepancies } from './reconcile.ts'
import type { Discrepancy } from './reconcile.ts'
import type { AccountRecord, EntryRecord, HoldRecord, TransferRecord } from './records.ts'
import { transactLedger } from './transaction.ts'
import type { LedgerTransaction } from './transaction.ts'

/** The figures of a statement. */
export type Figures = { id: string; opening: bigint; credits: bigint; debits: bigint }

/** What identifies the figures of a statement: an account, and from when to when. */
export type Period = { id: string; accountId: string; from: Date; to: Date }

// A hold whose time has run out counts no more, though nobody may have written that down yet.
const accountColumns = (now: Date): Prisma.Sql => Prisma.sql`
  account.id, account.owner_id AS "ownerId", account.name, account.currency, account.balance,
  account.held - COALESCE((
    SELECT sum(hold.amount - hold.captured) FROM bancai.holds AS hold
    WHERE hold.account_id = account.id AND hold.status = 'ACTIVE' AND hold.expires_at <= ${now}
  ), 0)::bigint AS held, account.created_at AS "createdAt"`

/** All that the ledger reads and writes. */
export type Store = ReturnType<typeof createStore>

// oxlint-disable-next-line typescript/explicit-module-boundary-types -- the type is what it returns
export const createStore = (client: PrismaClient, events: Events) => ({
  transact: <Result>(work: (transaction: LedgerTransaction) => Promise<Result>): Promise<Result> =>
    transactLedger(client, events, work),

  /** Customers' accounts by id. */
  accounts: (ids: readonly string[], now: Date): Promise<AccountRecord[]> => client.$queryRaw`
    SELECT ${accountColumns(now)} FROM bancai.accounts AS account
    WHERE account.id = ANY (${ids}) AND account.kind = 'CUSTOMER'`,

  /** A person's accounts, oldest first. */
  accountsOf: (
    ownerId: string,
    now: Date,
    limit?: number,
    after?: { createdAt: Date; id: string },
  ): Promise<AccountRecord[]> => client.$queryRaw`
    SELECT ${accountColumns(now)} FROM bancai.accounts AS account
    WHERE account.owner_id = ${ownerId}
      ${after ? Prisma.sql`AND (account.created_at, account.id) > (${after.createdAt}, ${after.id})` : Prisma.empty}
    ORDER BY account.created_at, account.id
    ${limit === undefined ? Prisma.empty : Prisma.sql`LIMIT ${limit}`}`,

  transfers: async (ids: readonly string[]): Promise<TransferRecord[]> =>
    (await client.transfer.findMany({ where: { id: { in: [...ids] } } })) as TransferRecord[],

  holds: async (ids: readonly string[]): Promise<HoldRecord[]> =>
    (await client.hold.findMany({ where: { id: { in: [...ids] } } })) as HoldRecord[],

  /** The holds of an account that set something aside now, newest first. */
  activeHolds: async (
    accountId: string,
    now: Date,
    limit: number,
    after?: { createdAt: Date; id: string },
  ): Promise<HoldRecord[]> => client.$queryRaw`
    SELECT id, account_id AS "accountId", owner_id AS "ownerId", currency, amount, captured, status::text, reason,
      service, expires_at AS "expiresAt", created_at AS "createdAt"
    FROM bancai.holds
    WHERE account_id = ${accountId} AND status = 'ACTIVE' AND (expires_at IS NULL OR expires_at > ${now})
      ${after ? Prisma.sql`AND (created_at, id) < (${after.createdAt}, ${after.id})` : Prisma.empty}
    ORDER BY created_at DESC, id DESC LIMIT ${limit}`,

  entries: async (ids: readonly string[]): Promise<EntryRecord[]> =>
    (await client.entry.findMany({ where: { id: { in: [...ids] } } })) as EntryRecord[],

  /** The entries of transfers, in the order in which they were booked. */
  entriesOfTransfers: async (ids: readonly string[]): Promise<EntryRecord[]> =>
    (await client.entry.findMany({
      where: { transferId: { in: [...ids] } },
      orderBy: { id: 'asc' },
    })) as EntryRecord[],

  /** The entries of an account, newest first, from before a sequence. */
  entriesBefore: async (accountId: string, limit: number, before?: bigint): Promise<EntryRecord[]> =>
    (await client.entry.findMany({
      where: { accountId, ...(before !== undefined && { sequence: { lt: before } }) },
      orderBy: { sequence: 'desc' },
      take: limit,
    })) as EntryRecord[],

  /** The entries of an account in a period, oldest first, from after a sequence. */
  entriesWithin: async ({ accountId, from, to }: Period, limit: number, after?: bigint): Promise<EntryRecord[]> =>
    (await client.entry.findMany({
      where: { accountId, createdAt: { gte: from, lt: to }, ...(after !== undefined && { sequence: { gt: after } }) },
      // The time of an account's entries never runs back, so this is the order of their sequence.
      orderBy: [{ createdAt: 'asc' }, { sequence: 'asc' }],
      take: limit,
    })) as EntryRecord[],

  /** The figures of periods, in one call. */
  figures: (periods: readonly Period[]): Promise<Figures[]> => client.$queryRaw`
    SELECT period.id, COALESCE((
        SELECT balance_after FROM bancai.entries
        WHERE account_id = period.account_id AND created_at < period.begins
        ORDER BY created_at DESC, sequence DESC LIMIT 1
      ), 0) AS opening,
      moved.credits, moved.debits
    FROM (VALUES ${Prisma.join(
      periods.map(
        ({ id, accountId, from, to }) => Prisma.sql`(${id}, ${accountId}, ${from}::timestamptz, ${to}::timestamptz)`,
      ),
    )}) AS period (id, account_id, begins, ends)
    CROSS JOIN LATERAL (
      SELECT COALESCE(sum(amount) FILTER (WHERE amount > 0), 0)::bigint AS credits,
        COALESCE(-sum(amount) FILTER (WHERE amount < 0), 0)::bigint AS debits
      FROM bancai.entries
      WHERE account_id = period.account_id AND created_at >= period.begins AND created_at < period.ends
    ) AS moved`,

  /** Whether something was asked for under a key, and done. */
  isDone: async (actor: string, key: string): Promise<boolean> =>
    (await client.ledgerRequest.count({ where: { actor, key } })) > 0,

  /** How many times an account changed so far; undefined when there is no such account. */
  version: async (accountId: string): Promise<bigint | undefined> =>
    (await client.account.findUnique({ where: { id: accountId }, select: { version: true } }))?.version,

  /** The changes of an account after a sequence, in their order. */
  changesAfter: (accountId: string, sequence: bigint, limit: number): Promise<Change[]> =>
    client.accountChange.findMany({
      where: { accountId, sequence: { gt: sequence } },
      orderBy: { sequence: 'asc' },
      take: limit,
    }),

  /** What in the ledger contradicts something else in it; nothing, when all is well. */
  discrepancies: (): Promise<Discrepancy[]> => findDiscrepancies(client),

  /** Removes changes that no listener can still be waiting for. */
  removeChangesBefore: async (instant: Date): Promise<number> =>
    (await client.accountChange.deleteMany({ where: { createdAt: { lt: instant } } })).count,

  /** Accounts that have holds whose time has run out. */
  accountsWithDueHolds: async (now: Date, limit: number): Promise<string[]> => {
    const found = await client.$queryRaw<{ id: string }[]>`
      SELECT DISTINCT account_id AS id FROM bancai.holds
      WHERE status = 'ACTIVE' AND expires_at <= ${now} LIMIT ${limit}`
    return found.map(({ id }) => id)
  },

  rates: async (): Promise<Rates> => {
    const rows = await client.exchangeRate.findMany({ orderBy: { currency: 'asc' } })
    const rates = rows.map(({ currency, rate, asOf }): Rate => ({
      currency: currency as CurrencyCode,
      rate: rate.toFixed(),
      asOf,
    }))
    return new Map(rates.map((rate) => [rate.currency, rate]))
  },

  /** Writes the accounts of the system and the first rates, where they are not there yet. */
  prepare: async (systemAccounts: readonly { id: string; currency: CurrencyCode }[], rates: Rates, now: Date) => {
    await client.account.createMany({
      data: systemAccounts.map(({ id, currency }) => ({
        id,
        currency,
        name: `Outside world, ${currency}`,
        kind: 'SYSTEM' as const,
        createdAt: now,
        changedAt: new Date(0),
      })),
      skipDuplicates: true,
    })
    await client.exchangeRate.createMany({ data: [...rates.values()], skipDuplicates: true })
  },
})
