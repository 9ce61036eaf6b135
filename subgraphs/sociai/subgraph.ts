import { sdl } from '../.generated/sociai.ts'
import { defineSubgraph } from '../_kit/index.ts'
import type { Subgraph } from '../_kit/index.ts'
import { loaders, open } from './context.ts'
import { resolvers } from './resolvers.ts'
import { seed } from './seed.ts'
import { start } from './upkeep.ts'

const sociai: Subgraph = defineSubgraph({
  name: 'sociai',
  sdl,
  open,
  loaders,
  resolvers,
  seed,
  start,
})

export default sociai
