import { defineSubgraph } from '../_kit/index.ts'
import { sdl } from '../.generated/wallet.ts'
import { loaders, open } from './context.ts'
import { resolvers } from './resolvers.ts'
import { seed } from './seed.ts'
import { start } from './work.ts'

export default defineSubgraph({
  name: 'wallet',
  title: 'Wallet',
  purpose: 'pays people from programmable wallets, in the bank and on the chain',
  tier: 'CORE',
  port: 3004,
  dependencies: ['bancai'],
  stores: ['relational', 'events', 'chain'],
  sdl,
  open,
  loaders,
  resolvers,
  seed,
  start,
})
