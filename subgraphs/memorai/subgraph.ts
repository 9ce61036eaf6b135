import { defineSubgraph } from '../_kit/index.ts'
import { sdl } from '../.generated/memorai.ts'
import { loaders, open } from './context.ts'
import { resolvers } from './resolvers.ts'
import { seed } from './seed.ts'
import { start } from './start.ts'

export default defineSubgraph({
  name: 'memorai',
  sdl,
  open,
  loaders,
  resolvers,
  seed,
  start,
})
