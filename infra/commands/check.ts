import { generate } from './gen.ts'
import { say, step } from './progress.ts'
import { run } from './tools.ts'

const checkArtefacts = async (): Promise<void> => {
  const { makeArtefacts, staleArtefacts } = await import('./artefacts.ts')
  const { artefacts } = await makeArtefacts()
  const stale = await staleArtefacts(artefacts)
  if (stale.length > 0) {
    throw new Error(
      `Not what the services' folders give: ${stale.join(', ')}. Run npm run compose, and check the files in.`,
    )
  }
}

const walkImports = async (): Promise<void> => {
  const folders = ['gateway', 'infra', 'schema', 'subgraphs', 'web/src']
  const report = await run('depcruise', ['--config', '.dependency-cruiser.cjs', ...folders])
  // A walk that went nowhere finds nothing, and would call that well.
  const modules = Number(/(\d+) modules/.exec(report)?.[1] ?? 0)
  if (modules < 100) throw new Error(`The import walk saw only ${modules} modules: is .dependency-cruiser.cjs right?`)
}

/** Everything that can be known without running the system. Throws what was found. */
export const check = async (): Promise<void> => {
  await generate()
  await step('Comparing what is generated and checked in', checkArtefacts)
  await step('Checking types', async () => {
    await Promise.all([run('tsc', ['-p', '.']), run('tsc', ['-p', 'web'])])
  })
  await step('Linting', () => run('oxlint', ['--type-aware']))
  await step('Checking the format', () => run('oxfmt', ['--check']))
  await step('Walking the imports', walkImports)
  say('✔ Nothing to mend.')
}

/** Formats every source. */
export const format = async (): Promise<void> => {
  await step('Formatting', () => run('oxfmt', []))
}
