import { sdl } from '../.generated/logai.ts'
import { defineSubgraph } from '../_kit/index.ts'
import type { Subgraph } from '../_kit/index.ts'
import { loaders, open } from './context.ts'
import { start } from './housekeeping.ts'
import { resolvers } from './resolvers.ts'
import { routes } from './routes.ts'
import { seed } from './seed.ts'

const logai: Subgraph = defineSubgraph({
  name: 'logai',
  sdl,
  open,
  loaders,
  resolvers,
  forApplications: true,
  seed,
  start,
  routes,
})

export default logai
