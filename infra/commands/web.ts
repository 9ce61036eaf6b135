import { createHash } from 'node:crypto'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryRoot } from '@codai/runtime'
import { step } from './progress.ts'
import { run } from './tools.ts'

const folder = join(repositoryRoot, 'web')
const stampFile = join(folder, 'dist', '.built-from')
const ignored = new Set(['node_modules', 'dist'])

const sources = async (directory: string): Promise<string[]> => {
  const entries = await readdir(directory, { withFileTypes: true })
  const nested = await Promise.all(
    entries
      .filter(({ name }) => !ignored.has(name))
      .map(async (entry) => {
        const path = join(directory, entry.name)
        return entry.isDirectory() ? sources(path) : [path]
      }),
  )
  return nested.flat().toSorted()
}

const fingerprint = async (): Promise<string> => {
  const hash = createHash('sha256')
  const files = [
    ...(await sources(folder)),
    join(repositoryRoot, 'pnpm-lock.yaml'),
    join(repositoryRoot, 'schema/catalogue.json'),
  ]
  for (const file of files) hash.update(file).update(await readFile(file))
  return hash.digest('hex')
}

/** Builds the web application, unless what is built came from the same sources. */
export const buildWeb = async (): Promise<void> => {
  const current = await fingerprint()
  const built = await readFile(stampFile, 'utf8').catch(() => undefined)
  if (built === current) return
  await step('Building the web application', async () => {
    // In a process of its own: what a build takes of memory would otherwise stay with the running system.
    await run('vite', ['build', '--logLevel', 'error'], 'web')
    await writeFile(stampFile, current)
  })
}
