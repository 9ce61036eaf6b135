import type { Exchange } from '@urql/core'
import { cacheExchange } from '@urql/exchange-graphcache'
import { assistant } from './assistant.ts'
import { developers } from './developers.ts'
import { keys } from './keys.ts'
import { learning } from './learning.ts'
import { market } from './market.ts'
import { shop } from './shop.ts'
import { optimistic, social } from './social.ts'
import { wallets } from './wallets.ts'
import { workflows } from './workflows.ts'

const concerns = [market, social, wallets, shop, learning, assistant, developers, workflows]

const updates = {
  Mutation: Object.assign({}, ...concerns.map(({ Mutation }) => Mutation)),
  Subscription: Object.assign({}, ...concerns.map(({ Subscription }) => Subscription)),
}

/** The normalised cache: one copy of each thing, whichever operation brought it, and lists that follow what happens. */
export const graphCache = (): Exchange => cacheExchange({ keys, updates, optimistic })
