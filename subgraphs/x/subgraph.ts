import { sdl } from '../.generated/x.ts'
import { defineSubgraph } from '../_kit/index.ts'
import { loaders, open } from './context.ts'
import { resolvers } from './resolvers.ts'
import { seed } from './seed.ts'
import { start } from './start.ts'

export default defineSubgraph({
  name: 'x',
  title: 'X',
  purpose: 'trading: instruments, order books, and orders that are matched by price and time',
  tier: 'CORE',
  port: 3009,
  dependencies: ['bancai'],
  stores: ['relational', 'events'],
  sdl,
  open,
  loaders,
  resolvers,
  seed,
  start,
})
