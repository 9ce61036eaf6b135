import { notFound, requireUser } from '../_kit/index.ts'
import type { Resolvers } from '../.generated/wallet.ts'
import type { Context } from './context.ts'
import type { Caller } from './payments.ts'
import type { PaymentRecord } from './records.ts'
import { typeResolvers } from './types.ts'
import { visiblePayment, visibleWallet } from './views.ts'

const listen = async (context: Context, walletId: string): Promise<AsyncIterable<PaymentRecord>> => {
  const wallet = await context.loaders.wallet.load(walletId)
  if (wallet?.ownerId !== requireUser(context)) throw notFound('Wallet', walletId)
  return context.service.listen(walletId)
}

const callerOf = (context: Context): Caller => ({
  userId: requireUser(context),
  service: context.identity.kind === 'service' ? context.identity.service : null,
})

export const resolvers: Resolvers = {
  ...typeResolvers,

  Query: {
    wallet: (_, { id }, context) => visibleWallet(context, id),
    payment: (_, { id }, context) => visiblePayment(context, id),
  },

  Mutation: {
    createWallet: (_, { input }, context) =>
      context.service.createWallet(requireUser(context), input, context.requestId),
    pay: (_, { input }, context) => context.service.pay(requireUser(context), input, context.requestId),
    authorizePayment: (_, { input }, context) =>
      context.service.authorizePayment(callerOf(context), input, context.requestId),
    capturePayment: (_, { payment }, context) =>
      context.service.capturePayment(callerOf(context), payment, context.requestId),
    releasePayment: (_, { payment }, context) =>
      context.service.releasePayment(callerOf(context), payment, context.requestId),
    refundPayment: (_, { payment }, context) =>
      context.service.refundPayment(callerOf(context), payment, context.requestId),
    requestPayment: (_, { input }, context) => context.service.requestPayment(requireUser(context), input),
    answerPaymentRequest: (_, { input }, context) =>
      context.service.answerPaymentRequest(requireUser(context), input, context.requestId),
    addRule: (_, { input }, context) => context.service.addRule(requireUser(context), input),
    removeRule: (_, { rule }, context) => context.service.removeRule(requireUser(context), rule),
    sendOnChain: (_, { input }, context) => context.service.chainTransfers.sendOnChain(requireUser(context), input),
  },

  Subscription: {
    paymentReceived: {
      subscribe: (_, { wallet }, context) => listen(context, wallet),
      resolve: (payment: PaymentRecord) => payment,
    },
  },
}
