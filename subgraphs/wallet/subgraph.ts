import { defineSubgraph } from '../_kit/index.ts'
import { sdl } from '../.generated/wallet.ts'
import { loaders, open } from './context.ts'
import { resolvers } from './resolvers.ts'
import { seed } from './seed.ts'
import { start } from './work.ts'

export default defineSubgraph({
  name: 'wallet',
  sdl,
  open,
  loaders,
  resolvers,
  seed,
  start,
})
