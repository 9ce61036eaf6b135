import type { Events } from '@codai/stores'
import { transact } from '../_kit/index.ts'
import type { CurrencyCode } from '../_kit/index.ts'
import { Prisma } from '../.generated/prisma/client.ts'
import type { PrismaClient } from '../.generated/prisma/client.ts'
import type { Outcome, Position } from './book.ts'
import type { HoldRecord, TransferRecord } from './records.ts'

/** What was asked for under an idempotency key. */
export type LedgerRequest = {
  actor: string
  key: string
  operation: string
  contentHash: string
  /** The id of what comes of it. */
  resultId: string
  createdAt: Date
}

/** What a transaction of the ledger can do. Everything becomes permanent together, or nothing does. */
export type LedgerTransaction = {
  /**
   * Claims an idempotency key, waiting for whoever is claiming it at the same time.
   * Undefined when it is ours; else the earlier request.
   */
  claim(request: LedgerRequest): Promise<LedgerRequest | undefined>
  /** Lets one transaction at a time look at what a person has or did, and act on it. Before any account is locked. */
  lockPerson(ownerId: string): Promise<void>
  /** Locks accounts in the order of their ids, so that no two transactions ever wait for each other in a circle. */
  lockAccounts(ids: readonly string[]): Promise<Position[]>
  /** The given holds, and those of the given accounts whose time has run out. Only after their accounts are locked. */
  holds(ids: readonly string[], accountIds: readonly string[], now: Date): Promise<HoldRecord[]>
  /** The accounts of the given holds. */
  accountsOfHolds(ids: readonly string[]): Promise<string[]>
  countAccounts(ownerId: string): Promise<number>
  insertAccount(position: Position & { ownerId: string }): Promise<void>
  /** What a person paid in since an instant, by currency. */
  depositedSince(ownerId: string, since: Date): Promise<ReadonlyMap<CurrencyCode, bigint>>
  write(outcome: Outcome, transfer: TransferRecord | undefined): Promise<void>
  publish: (event: Parameters<Events['publish']>[1]) => Promise<string>
}

/** Runs a transaction of the ledger. UNAVAILABLE when no connection gets free in time. */
export const transactLedger = <Result>(
  client: PrismaClient,
  events: Events,
  work: (transaction: LedgerTransaction) => Promise<Result>,
): Promise<Result> => transact(client, 'The ledger is', (tx) => work(createTransaction(tx, events)))

const createTransaction = (tx: Prisma.TransactionClient, events: Events): LedgerTransaction => ({
  claim: async (request) => {
    const { count } = await tx.ledgerRequest.createMany({ data: [request], skipDuplicates: true })
    if (count === 1) return undefined
    const { actor, key } = request
    return tx.ledgerRequest.findUniqueOrThrow({ where: { actor_key: { actor, key } } })
  },

  lockPerson: async (ownerId) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('bancai.person'), hashtext(${ownerId}))`
  },

  lockAccounts: (ids) => tx.$queryRaw<Position[]>`
    SELECT id, owner_id AS "ownerId", name, currency, balance, held, version,
      created_at AS "createdAt", changed_at AS "changedAt"
    FROM bancai.accounts WHERE id = ANY (${ids}) ORDER BY id FOR UPDATE`,

  holds: async (ids, accountIds, now) =>
    (await tx.hold.findMany({
      where: {
        OR: [
          { id: { in: [...ids] } },
          { accountId: { in: [...accountIds] }, status: 'ACTIVE', expiresAt: { lte: now } },
        ],
      },
      orderBy: { id: 'asc' },
    })) as HoldRecord[],

  accountsOfHolds: async (ids) => {
    const found = await tx.hold.findMany({ where: { id: { in: [...ids] } }, select: { accountId: true } })
    return found.map(({ accountId }) => accountId)
  },

  countAccounts: (ownerId) => tx.account.count({ where: { ownerId } }),

  insertAccount: async (position) => {
    await tx.account.create({ data: position })
  },

  depositedSince: async (ownerId, since) => {
    const sums = await tx.$queryRaw<{ currency: CurrencyCode; sum: bigint }[]>`
      SELECT entries.currency, sum(entries.amount)::bigint AS sum
      FROM bancai.accounts
      JOIN bancai.entries ON entries.account_id = accounts.id AND entries.created_at >= ${since}
      JOIN bancai.transfers ON transfers.id = entries.transfer_id AND transfers.kind = 'DEPOSIT'
      WHERE accounts.owner_id = ${ownerId}
      GROUP BY entries.currency`
    return new Map(sums.map(({ currency, sum }) => [currency, sum]))
  },

  write: async (outcome, transfer) => {
    if (outcome.changes.length > 0) await tx.$executeRaw(writeStatement(outcome, transfer))
  },

  publish: (event) => events.publish(tx, event),
})

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** Records as JSON rows with the names of their columns; amounts as text, because JSON's numbers are floats. */
const rows = (records: readonly object[]): string =>
  JSON.stringify(
    records.map((record) =>
      Object.fromEntries(
        Object.entries(record).map(([name, value]: [string, unknown]) => [
          snakeCase(name),
          typeof value === 'bigint' ? value.toString() : value,
        ]),
      ),
    ),
  )

/** One statement for all that a transaction writes: accounts are locked until it is done, so every round trip counts. */
const writeStatement = (outcome: Outcome, transfer: TransferRecord | undefined): Prisma.Sql => {
  const transferId = transfer?.id
  const entries = outcome.entries.map((entry) => ({ ...entry, transferId }))
  return Prisma.sql`
    WITH updated_accounts AS (
      UPDATE bancai.accounts
      SET balance = new.balance, held = new.held, version = new.version, changed_at = new.changed_at
      FROM jsonb_populate_recordset(NULL::bancai.accounts, ${rows(outcome.positions)}::jsonb) AS new
      WHERE accounts.id = new.id
    ), new_transfers AS (
      INSERT INTO bancai.transfers
      SELECT * FROM jsonb_populate_recordset(NULL::bancai.transfers, ${rows(transfer ? [transfer] : [])}::jsonb)
    ), new_entries AS (
      INSERT INTO bancai.entries
      SELECT * FROM jsonb_populate_recordset(NULL::bancai.entries, ${rows(entries)}::jsonb)
    ), new_holds AS (
      INSERT INTO bancai.holds
      SELECT * FROM jsonb_populate_recordset(NULL::bancai.holds, ${rows(outcome.openedHolds)}::jsonb)
    ), changed_holds AS (
      UPDATE bancai.holds SET captured = new.captured, status = new.status
      FROM jsonb_populate_recordset(NULL::bancai.holds, ${rows(outcome.changedHolds)}::jsonb) AS new
      WHERE holds.id = new.id
    )
    INSERT INTO bancai.account_changes
    SELECT * FROM jsonb_populate_recordset(NULL::bancai.account_changes, ${rows(outcome.changes)}::jsonb)`
}
