import { defineSubgraph } from '../_kit/index.ts'
import { sdl } from '../.generated/bancai.ts'
import { loaders, open } from './context.ts'
import { start } from './housekeeping.ts'
import { resolvers } from './resolvers.ts'
import { seed } from './seed.ts'

export default defineSubgraph({
  name: 'bancai',
  title: 'Bancai',
  purpose: 'keeps accounts and the double-entry ledger of every movement of money',
  tier: 'CORE',
  port: 3003,
  dependencies: [],
  stores: ['relational', 'events'],
  sdl,
  open,
  loaders,
  resolvers,
  seed,
  start,
})
