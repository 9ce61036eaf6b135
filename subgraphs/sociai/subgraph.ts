import { sdl } from '../.generated/sociai.ts'
import { defineSubgraph } from '../_kit/index.ts'
import type { Subgraph } from '../_kit/index.ts'
import { loaders, open } from './context.ts'
import { resolvers } from './resolvers.ts'
import { seed } from './seed.ts'
import { start } from './upkeep.ts'

const sociai: Subgraph = defineSubgraph({
  name: 'sociai',
  title: 'Sociai',
  purpose: 'the social network: posts, topics, comments, likes, and who follows or blocks whom',
  tier: 'CORE',
  port: 3007,
  dependencies: ['logai'],
  stores: ['documents', 'cache'],
  sdl,
  open,
  loaders,
  resolvers,
  seed,
  start,
})

export default sociai
