import { describe } from 'vitest'
import { describeAssistant } from './assistant.ts'
import { describeErrors } from './errors.ts'
import { describeBrowser } from './browser/index.ts'
import { describeFlows } from './flows.ts'
import { describeShopAndSchool } from './shop-and-school.ts'
import { describeStrangers } from './strangers.ts'
import { useSystem } from './system.ts'
import { describeWalk } from './walk.ts'
import { describeWorkflows } from './workflows.ts'
import { describeThirdParty } from './third-party.ts'

describe('all services in one process', () => {
  const running = useSystem({ each: false })
  describeFlows(running)
  describeAssistant(running)
  describeWorkflows(running)
  describeWalk(running)
  describeShopAndSchool(running)
  describeThirdParty(running)
  describeBrowser(running)
  describeStrangers(running)
  describeErrors(running)
})
