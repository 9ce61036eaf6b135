import { inheritedEnvironment } from '@codai/runtime'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe } from 'vitest'
import type { System } from '../system.ts'
import { describeAssistant } from './assistant.ts'
import { browserPath, launchBrowser } from './chromium.ts'
import { describeDevelopers } from './developers.ts'
import { describeExplorer } from './explorer.ts'
import { describeLearning } from './learning.ts'
import { describePages } from './pages.ts'
import { describeShop } from './shop.ts'

const executable = browserPath()
// Where nobody looks at the skipped ones, there must be none.
const required = inheritedEnvironment()['CI'] === 'true'

/** The same stories as a person lives them, in a real browser. */
export const describeBrowser = (running: () => System): void => {
  describe.skipIf(executable === undefined && !required)('in a browser', () => {
    let browser: Browser
    beforeAll(async () => {
      if (executable === undefined)
        throw new Error('Neither Chromium nor Chrome is installed: install one (Debian: apt-get install chromium).')
      browser = await launchBrowser(executable)
    })
    afterAll(() => browser?.close())

    const visit = { running, browser: () => browser }
    describePages(visit)
    describeShop(visit)
    describeLearning(visit)
    describeDevelopers(visit)
    describeExplorer(visit)
    describeAssistant(visit)
  })
}
