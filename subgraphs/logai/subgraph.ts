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
  title: 'Logai',
  purpose: 'identity: sign-up, sign-in, sessions, second factors and OAuth 2.0',
  tier: 'CORE',
  port: 3002,
  dependencies: [],
  stores: ['relational', 'events', 'cache'],
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
