import type { Cache, UpdateResolver } from '@urql/exchange-graphcache'
import { text } from './keys.ts'
import { forget, linkNode, nodeIn, unlinkNode } from './lists.ts'
import type { Node } from './lists.ts'
import { inputField, me, onField } from './updates.ts'
import type { Updates } from './updates.ts'

const walletOf = (args: Record<string, unknown>): Node | null => {
  const id = inputField(args, 'wallet')
  return id === null ? null : { __typename: 'Wallet', id }
}

const linkTo = (field: string, list: string, place: 'start' | 'end', ...stale: readonly string[]): UpdateResolver =>
  onField(field, (value, cache, args) => {
    const wallet = walletOf(args)
    if (wallet === null) return
    linkNode(cache, wallet, list, nodeIn(value), place)
    forget(cache, wallet, ...stale)
  })

/** What every wallet holds has changed, or may have. */
export const forgetAssets = (cache: Cache): void => {
  const person = me(cache)
  if (person !== null) forget(cache, person, 'wallets')
}

/** Wallets, payments and rules. */
export const wallets: Updates = {
  Mutation: {
    createWallet: onField('createWallet', (wallet, cache) => {
      linkNode(cache, me(cache), 'wallets', nodeIn(wallet), 'end')
    }),
    pay: linkTo('pay', 'payments', 'start', 'assets'),
    requestPayment: linkTo('requestPayment', 'payments', 'start'),
    addRule: linkTo('addRule', 'rules', 'end'),
    answerPaymentRequest: onField('answerPaymentRequest', (payment, cache, args) => {
      unlinkNode(cache, me(cache), 'paymentRequests', nodeIn(payment))
      const wallet = walletOf(args)
      if (wallet !== null) forget(cache, wallet, 'assets', 'payments')
    }),
    removeRule: (_result, args, cache) => cache.invalidate({ __typename: 'PaymentRule', id: text(args['rule']) }),
  },
  Subscription: {
    paymentReceived: onField('paymentReceived', (payment, cache, args) => {
      const wallet = { __typename: 'Wallet', id: text(args['wallet']) }
      linkNode(cache, wallet, 'payments', nodeIn(payment))
      forget(cache, wallet, 'assets')
    }),
  },
}
