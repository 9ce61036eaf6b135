import type { Cache } from '@urql/exchange-graphcache'
import { forget, linkNode, nodeIn } from './lists.ts'
import { me, onField } from './updates.ts'
import type { Updates } from './updates.ts'

const linkOrder = (order: unknown, cache: Cache): void => {
  const status = (order as { status?: unknown } | null)?.status
  const fits = (args: Readonly<Record<string, unknown>>): boolean => !args['status'] || args['status'] === status
  linkNode(cache, me(cache), 'orders', nodeIn(order), 'start', fits)
}

/** Orders and balances. */
export const market: Updates = {
  Mutation: {
    placeOrder: onField('placeOrder', linkOrder),
    openAccount: onField('openAccount', (account, cache) => {
      linkNode(cache, me(cache), 'accounts', nodeIn(account), 'end')
      forget(cache, 'Query', 'portfolio')
    }),
    deposit: (_result, _args, cache) => forget(cache, 'Query', 'portfolio'),
  },
  Subscription: {
    orderUpdated: onField('orderUpdated', linkOrder),
    accountActivity: (_result, _args, cache) => forget(cache, 'Query', 'portfolio'),
  },
}
