import { z } from 'zod'
import { ExactDecimal, connection, fromMinor, maySee, notFound, requireMaySee } from '../_kit/index.ts'
import type { Connection, ConnectionArguments } from '../_kit/index.ts'
import type { Resolvers } from '../.generated/wallet.ts'
import { asOf, deadlineOf } from './asking.ts'
import { coinsOf } from './coins.ts'
import { amountOf } from './payments.ts'
import type { Place } from './store.ts'
import { assetsOf, failureReason, visiblePayment, visibleRule, visibleWallet } from './views.ts'

const byTime = z.object({
  createdAt: z.iso.datetime().transform((text) => new Date(text)),
  id: z.string().regex(/^\w{1,100}$/),
})

const pageByTime = <Row extends Place>(
  page: ConnectionArguments,
  fetch: (limit: number, after: Place | undefined) => Promise<Row[]>,
): Promise<Connection<Row>> =>
  connection(page, { position: byTime, positionOf: ({ createdAt, id }: Row) => ({ createdAt, id }), fetch })

const asUsers = (ids: readonly string[]): { id: string }[] => ids.map((id) => ({ id }))

/** How the types of the wallets are shown. */
export const typeResolvers = {
  User: {
    __resolveReference: ({ id }) => ({ id }),
    wallets: (user, page, context) => {
      requireMaySee(context, user.id, 'their wallets')
      const { store } = context.service
      return pageByTime(page, (limit, after) => store.walletsOf(user.id, limit, after))
    },
    paymentRequests: (user, page, context) => {
      requireMaySee(context, user.id, 'what they are asked to pay')
      const { store, now } = context.service
      return pageByTime(page, (limit, after) => store.requestsTo(user.id, now(), limit, after))
    },
  },

  Wallet: {
    __resolveReference: ({ id }, context) => visibleWallet(context, id),
    owner: ({ ownerId }) => ({ id: ownerId }),
    assets: (wallet, _, context) => assetsOf(context, wallet),
    rules: ({ id }, page, { service: { store } }) =>
      pageByTime(page, (limit, after) => store.rulesOf(id, limit, after)),
    payments: ({ id }, page, { service: { store } }) =>
      pageByTime(page, (limit, after) => store.paymentsOf(id, limit, after)),
  },

  Holding: {
    account: ({ accountId }) => (accountId === null ? null : { id: accountId }),
  },

  Payment: {
    __resolveReference: ({ id }, context) => visiblePayment(context, id),
    payer: ({ payerId }) => ({ id: payerId }),
    payee: ({ payeeId }) => ({ id: payeeId }),
    amount: amountOf,
    status: (payment, _, { service }) => asOf(payment, service.now()).status,
    expiresAt: (payment, _, { service }) => deadlineOf(asOf(payment, service.now())),
    refundOf: ({ refundOfId }, _, context) => (refundOfId === null ? null : visiblePayment(context, refundOfId)),
    failureReason: (payment, _, context) => failureReason(context, payment),
    transfer: ({ transferId }) => (transferId === null ? null : { id: transferId }),
    rule: ({ ruleId, payerId }, _, context) =>
      ruleId === null || !maySee(context, payerId) ? null : visibleRule(context, ruleId),
  },

  PaymentRule: {
    __resolveReference: ({ id }, context) => visibleRule(context, id),
    amount: ({ amount, currency }) => (amount === null || currency === null ? null : fromMinor(amount, currency)),
    payees: ({ kind, payeeIds }) => (kind === 'ALLOW_LIST' || kind === 'SCHEDULED_PAYMENT' ? asUsers(payeeIds) : null),
    shares: ({ kind, payeeIds, sharePercents }) =>
      kind === 'AUTO_SPLIT'
        ? payeeIds.map((payeeId, index) => ({ payeeId, percent: sharePercents[index] ?? 0 }))
        : null,
  },

  RuleShare: {
    payee: ({ payeeId }) => ({ id: payeeId }),
    percent: ({ percent }) => new ExactDecimal(percent).div(100).toFixed(),
  },

  ChainTransfer: {
    wallet: async ({ walletId }, _, context) => {
      const wallet = await visibleWallet(context, walletId)
      if (!wallet) throw notFound('Wallet', walletId)
      return wallet
    },
    amount: ({ value }) => coinsOf(value),
  },
} satisfies Resolvers
