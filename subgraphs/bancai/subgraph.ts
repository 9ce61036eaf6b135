import { defineSubgraph } from '../_kit/index.ts'
import { sdl } from '../.generated/bancai.ts'
import { loaders, open } from './context.ts'
import { start } from './housekeeping.ts'
import { resolvers } from './resolvers.ts'
import { seed } from './seed.ts'

export default defineSubgraph({
  name: 'bancai',
  sdl,
  open,
  loaders,
  resolvers,
  seed,
  start,
})
