import { sdl } from '../.generated/studiai.ts'
import { defineSubgraph } from '../_kit/index.ts'
import type { Subgraph } from '../_kit/index.ts'
import { loaders, open } from './context.ts'
import { resolvers } from './resolvers.ts'
import { seed } from './seed.ts'

const studiai: Subgraph = defineSubgraph({
  name: 'studiai',
  sdl,
  open,
  loaders,
  resolvers,
  seed,
})

export default studiai
