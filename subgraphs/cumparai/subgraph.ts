import { sdl } from '../.generated/cumparai.ts'
import { defineSubgraph } from '../_kit/index.ts'
import type { Subgraph } from '../_kit/index.ts'
import { loaders, open } from './context.ts'
import { resolvers } from './resolvers.ts'
import { seed } from './seed.ts'
import { start } from './work.ts'

const cumparai: Subgraph = defineSubgraph({
  name: 'cumparai',
  sdl,
  open,
  loaders,
  resolvers,
  seed,
  start,
})

export default cumparai
