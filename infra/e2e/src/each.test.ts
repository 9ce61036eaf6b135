import { describe } from 'vitest'
import { describeAssistant } from './assistant.ts'
import { describeBrowser } from './browser/index.ts'
import { describeFlows } from './flows.ts'
import { describeNeighbours } from './neighbours.ts'
import { describeShopAndSchool } from './shop-and-school.ts'
import { useSystem } from './system.ts'
import { describeWalk } from './walk.ts'
import { describeWorkflows } from './workflows.ts'
import { describeThirdParty } from './third-party.ts'

describe('each service in a process of its own', () => {
  const running = useSystem({ each: true })
  describeFlows(running)
  describeAssistant(running)
  describeWorkflows(running)
  describeWalk(running)
  describeShopAndSchool(running)
  describeThirdParty(running)
  describeBrowser(running)
  describeNeighbours(running)
})
