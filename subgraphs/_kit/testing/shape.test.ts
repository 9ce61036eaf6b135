import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryRoot } from '@codai/runtime'
import { describe, expect, it } from 'vitest'
import { loadSubgraphs, registeredPorts } from '../../_host/targets.ts'

const folder = join(repositoryRoot, 'subgraphs')
const names = Object.keys(registeredPorts)
const longestSource = 250
const longestTest = 450

const filesOf = async (directory: string): Promise<string[]> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

const sourcesOf = async (name: string): Promise<{ file: string; text: string }[]> => {
  const files = (await filesOf(join(folder, name))).filter((file) => file.endsWith('.ts'))
  return Promise.all(
    files.map(async (file) => ({ file: file.slice(folder.length + 1), text: await readFile(file, 'utf8') })),
  )
}

describe.each(names)('the folder of %s', (name) => {
  it('has the files that every service has, spelled alike', async () => {
    const present = await readdir(join(folder, name))
    const [subgraph] = await loadSubgraphs([name])
    const relational = subgraph?.stores.includes('relational') ? ['migrations', 'model.prisma'] : []
    const expected = [
      'context.ts',
      'resolvers.ts',
      'schema.graphql',
      'seed.ts',
      'store.ts',
      'subgraph.ts',
      `${name}.test.ts`,
    ]
    expect(present).toEqual(expect.arrayContaining([...expected, ...relational]))
  })

  it('says its name once', async () => {
    const [subgraph] = await loadSubgraphs([name])
    expect(subgraph).toMatchObject({ name, port: registeredPorts[name] })
    expect(subgraph?.dependencies.filter((dependency) => !names.includes(dependency))).toEqual([])
  })

  it('holds files that a person reads in one sitting', async () => {
    const long = (await sourcesOf(name)).filter(
      ({ file, text }) => text.split('\n').length > (file.endsWith('.test.ts') ? longestTest : longestSource),
    )
    expect(long.map(({ file }) => file)).toEqual([])
  })

  it('takes nothing from its surroundings but what it is given', async () => {
    const ambient = (await sourcesOf(name)).filter(
      ({ file, text }) => !file.endsWith('.test.ts') && /process\.env|globalThis\.|^let /m.test(text),
    )
    expect(ambient.map(({ file }) => file)).toEqual([])
  })

  it('proves that it conforms', async () => {
    const text = await readFile(join(folder, name, `${name}.test.ts`), 'utf8')
    expect(text).toMatch(/^testConformance\(/m)
  })
})

describe('the services together', () => {
  it('listen on ports of their own', () => {
    const ports = Object.values(registeredPorts)
    expect(new Set(ports).size).toBe(ports.length)
  })
})
