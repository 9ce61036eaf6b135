import { notFound, stringScalar } from '../_kit/index.ts'
import type { Resolvers } from '../.generated/bancai.ts'
import { actorOf } from './actor.ts'
import type { Change } from './book.ts'
import type { Context } from './context.ts'
import { isMonth } from './months.ts'
import { crossRates } from './rates.ts'
import { typeResolvers } from './types.ts'
import { visibleAccount, visibleStatement } from './views.ts'

const changesOf = async (context: Context, accountId: string): Promise<AsyncIterable<Change>> => {
  if (!(await visibleAccount(context, accountId))) throw notFound('Account', accountId)
  return context.service.activity.listen(accountId)
}

export const resolvers: Resolvers = {
  ...typeResolvers,

  YearMonth: stringScalar('YearMonth', (value) =>
    isMonth(value) ? undefined : `"${value.slice(0, 20)}" is not a month such as "2026-01", from 1970 on.`,
  ),

  Query: {
    account: (_, { id }, context) => visibleAccount(context, id),
    exchangeRates: async (_, { base }, { loaders }) => crossRates(await loaders.rates(), base),
    statement: (_, { account, month }, context) => visibleStatement(context, account, month),
  },

  Mutation: {
    openAccount: async (_, { input }, context) =>
      context.loaders.account.load(await context.service.openAccount(actorOf(context), input)),
    deposit: async (_, { input }, context) =>
      context.loaders.transfer.load(await context.service.deposit(actorOf(context), input)),
    transfer: async (_, { input }, context) =>
      context.loaders.transfer.load(await context.service.transfer(actorOf(context), input)),
    authorizeHold: async (_, { input }, context) =>
      context.loaders.hold.load(await context.service.authorizeHold(actorOf(context), input)),
    captureHold: async (_, { input }, context) =>
      context.loaders.transfer.load(await context.service.captureHold(actorOf(context), input)),
    captureHolds: async (_, { input }, context) =>
      context.loaders.transfer.load(await context.service.captureHolds(actorOf(context), input)),
    releaseHold: async (_, { hold }, context) =>
      context.loaders.hold.load(await context.service.releaseHold(actorOf(context), hold)),
  },

  Subscription: {
    accountActivity: {
      subscribe: (_, { account }, context) => changesOf(context, account),
      resolve: async ({ accountId, balance, held, entryId }: Change, _: unknown, { loaders }: Context) => {
        const account = await loaders.account.load(accountId)
        return account && { account: { ...account, balance, held }, entryId }
      },
    },
  },
}
