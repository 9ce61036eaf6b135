import { repositoryRoot } from '@codai/runtime'
import { check } from './check.ts'
import { say } from './progress.ts'
import { buildWeb } from './web.ts'

/** Checks and tests everything, or only the given test files. The last line counts: `N passed, N failed`. */
export const test = async (files: readonly string[]): Promise<void> => {
  await check()
  await buildWeb()
  const { startVitest } = await import('vitest/node')
  const vitest = await startVitest('test', [...files], { root: repositoryRoot, run: true, watch: false })
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const module of vitest.state.getTestModules()) {
    // A file that could not be loaded has no tests, and is a failure all the same.
    if (module.state() === 'failed' && [...module.children.allTests()].length === 0) counts.failed += 1
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      if (state !== 'pending') counts[state] += 1
    }
  }
  const unhandled = vitest.state.getUnhandledErrors().length
  await vitest.close()
  const failed = counts.failed + unhandled
  say(`\n${counts.passed} passed, ${failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`)
  process.exit(failed > 0 || counts.passed === 0 ? 1 : 0)
}
