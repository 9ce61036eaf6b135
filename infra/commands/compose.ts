import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryRoot } from '@codai/runtime'
import { breakingChanges } from '@codai/schema'
import { generateCode, generateWeb } from './gen.ts'
import { say, step } from './progress.ts'

// What everybody was promised, and what third parties were.
const promises = ['schema/api.graphql', 'schema/public.graphql']

const broken = async (path: string, text: string): Promise<string[]> => {
  const promised = await readFile(join(repositoryRoot, path), 'utf8').catch(() => undefined)
  const changes = promised === undefined ? [] : await breakingChanges(promised, text)
  return changes.map((change) => `${path}: ${change}`)
}

/**
 * Composes all services and writes the artefacts. A change that can break clients is refused, unless it is accepted:
 * the schemas that are checked in are what clients were promised.
 */
export const composeAll = async ({ acceptBreaking }: { acceptBreaking: boolean }): Promise<void> => {
  await step('Generating code', generateCode)
  const { makeArtefacts, writeArtefacts } = await import('./artefacts.ts')
  const { artefacts, hints } = await step('Composing', makeArtefacts)
  for (const hint of hints) say(`  hint: ${hint}`)
  const breaking = (await Promise.all(promises.map((path) => broken(path, artefacts[path] ?? '')))).flat()
  for (const change of breaking) say(`  ${acceptBreaking ? 'accepted' : 'breaking'}: ${change}`)
  if (breaking.length > 0 && !acceptBreaking) {
    throw new Error(
      `${breaking.length} change(s) break clients: see above. Make them compatible (add, deprecate, then remove), or accept them: npm run compose -- --accept-breaking`,
    )
  }
  const written = await writeArtefacts(artefacts)
  await generateWeb()
  say(written.length === 0 ? '  Everything was current.' : written.map((path) => `  wrote ${path}`).join('\n'))
}
