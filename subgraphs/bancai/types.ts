import { z } from 'zod'
import { connection, fromMinor, notFound, requireMaySee } from '../_kit/index.ts'
import type { Connection, ConnectionArguments } from '../_kit/index.ts'
import type { Resolvers } from '../.generated/bancai.ts'
import { actorOf } from './actor.ts'
import type { Context } from './context.ts'
import { asOf, remaining } from './hold-state.ts'
import { monthBounds } from './months.ts'
import { worthIn } from './rates.ts'
import type { AccountRecord, EntryRecord, StatementRecord } from './records.ts'
import type { Figures } from './store.ts'
import { visibleAccount, visibleHold, visibleStatementById, visibleTransfer } from './views.ts'

const byTime = z.object({
  createdAt: z.iso.datetime().transform((text) => new Date(text)),
  id: z.string().regex(/^\w{1,100}$/),
})
const bySequence = z.string().regex(/^\d{1,18}$/)

const timePosition = ({ createdAt, id }: { createdAt: Date; id: string }): z.output<typeof byTime> => ({
  createdAt,
  id,
})

/** What a record names exists: the tables are bound to each other by foreign keys. */
const present = <Value>(value: Value | null, typeName: string, id: string): Value => {
  if (value === null) throw notFound(typeName, id)
  return value
}

const loadAccount = async ({ loaders }: Context, id: string): Promise<AccountRecord> =>
  present(await loaders.account.load(id), 'Account', id)

const pageOfEntries = (
  page: ConnectionArguments,
  fetch: (limit: number, sequence: bigint | undefined) => Promise<EntryRecord[]>,
): Promise<Connection<EntryRecord>> =>
  connection(page, {
    position: bySequence,
    positionOf: ({ sequence }: EntryRecord) => String(sequence),
    fetch: (limit, after) => fetch(limit, after === undefined ? undefined : BigInt(after)),
  })

const figuresOf = async ({ loaders }: Context, { id }: StatementRecord): Promise<Figures> =>
  present(await loaders.figures.load(id), 'Statement', id)

/** How the types of the ledger are shown. */
export const typeResolvers = {
  User: {
    __resolveReference: ({ id }) => ({ id }),
    accounts: (user, page, context) => {
      requireMaySee(context, user.id, 'their accounts')
      const { store, now } = context.service
      return connection(page, {
        position: byTime,
        positionOf: timePosition,
        fetch: (limit, after) => store.accountsOf(user.id, now(), limit, after),
      })
    },
    netWorth: async (user, { currency }, context) => {
      requireMaySee(context, user.id, 'what they own')
      const { store, now } = context.service
      const [accounts, rates] = await Promise.all([store.accountsOf(user.id, now()), context.loaders.rates()])
      return worthIn(
        rates,
        accounts.map((account) => [account.currency, account.balance] as const),
        currency,
      )
    },
  },

  Account: {
    __resolveReference: ({ id }, context) => visibleAccount(context, id),
    owner: ({ ownerId }) => ({ id: ownerId }),
    balance: ({ balance, currency }) => fromMinor(balance, currency),
    available: ({ balance, held, currency }) => fromMinor(balance - held, currency),
    entries: ({ id }, page, { service }) =>
      pageOfEntries(page, (limit, before) => service.store.entriesBefore(id, limit, before)),
    holds: ({ id }, page, { service: { store, now } }) =>
      connection(page, {
        position: byTime,
        positionOf: timePosition,
        fetch: (limit, after) => store.activeHolds(id, now(), limit, after),
      }),
  },

  Entry: {
    account: ({ accountId }, _, context) => loadAccount(context, accountId),
    transfer: async ({ transferId }, _, { loaders }) =>
      present(await loaders.transfer.load(transferId), 'Transfer', transferId),
    amount: ({ amount, currency }) => fromMinor(amount, currency),
    balanceAfter: ({ balanceAfter, currency }) => fromMinor(balanceAfter, currency),
  },

  Transfer: {
    __resolveReference: ({ id }, context) => visibleTransfer(context, id),
    from: ({ fromId }, _, context) => (fromId === null ? null : visibleAccount(context, fromId)),
    to: ({ toId }, _, context) => (toId === null ? null : visibleAccount(context, toId)),
    amount: ({ amount, currency }) => (amount === null || currency === null ? null : fromMinor(amount, currency)),
    status: () => 'BOOKED' as const,
    entries: async ({ id }, _, context) => {
      const { entries } = present(await context.loaders.entriesOfTransfer.load(id), 'Transfer', id)
      const accounts = await Promise.all(entries.map(({ accountId }) => visibleAccount(context, accountId)))
      return entries.filter((_, index) => accounts[index])
    },
    idempotencyKey: ({ actor, idempotencyKey }, _, context) => (actor === actorOf(context).key ? idempotencyKey : null),
  },

  Hold: {
    __resolveReference: ({ id }, context) => visibleHold(context, id),
    account: ({ accountId }, _, context) => loadAccount(context, accountId),
    amount: ({ amount, currency }) => fromMinor(amount, currency),
    captured: ({ captured, currency }) => fromMinor(captured, currency),
    remaining: (hold, _, { service }) => fromMinor(remaining(asOf(hold, service.now())), hold.currency),
    status: (hold, _, { service }) => asOf(hold, service.now()).status,
  },

  Statement: {
    __resolveReference: ({ id }, context) => visibleStatementById(context, id),
    opening: async (statement, _, context) =>
      fromMinor((await figuresOf(context, statement)).opening, statement.account.currency),
    closing: async (statement, _, context) => {
      const { opening, credits, debits } = await figuresOf(context, statement)
      return fromMinor(opening + credits - debits, statement.account.currency)
    },
    credits: async (statement, _, context) =>
      fromMinor((await figuresOf(context, statement)).credits, statement.account.currency),
    debits: async (statement, _, context) =>
      fromMinor((await figuresOf(context, statement)).debits, statement.account.currency),
    entries: ({ id, account, month }, page, { service }) =>
      pageOfEntries(page, (limit, after) =>
        service.store.entriesWithin({ id, accountId: account.id, ...monthBounds(month) }, limit, after),
      ),
  },

  AccountActivity: {
    entry: ({ entryId }, _, { loaders }) => (entryId === null ? null : loaders.entry.load(entryId)),
  },
} satisfies Resolvers
