import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryRoot } from '@codai/runtime'
import { describe, expect, it } from 'vitest'
import { registry } from '../../_host/registry.generated.ts'
import { loadSubgraphs, registeredPorts } from '../../_host/targets.ts'
import { catalogue } from '../catalogue/index.ts'

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
  })

  it('says in the catalogue whom it calls', async () => {
    const [subgraph] = await loadSubgraphs([name])
    const peers = await readdir(join(folder, name, 'peers')).catch(() => [])
    const called = peers.map((file) => file.replace(/\.graphql$/, ''))
    expect(subgraph?.dependencies).toEqual(expect.arrayContaining(called))
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

describe('the catalogue', () => {
  it('has forty services and more, each on a port of its own', () => {
    expect(catalogue.length).toBeGreaterThanOrEqual(40)
    expect(new Set(catalogue.map(({ port }) => port)).size).toBe(catalogue.length)
  })

  it('names only services that it has, and none that calls itself', () => {
    const known = new Set<string>(catalogue.map(({ name }) => name))
    const wrong = catalogue.filter(({ name, dependencies }) =>
      dependencies.some((dependency) => dependency === name || !known.has(dependency)),
    )
    expect(wrong).toEqual([])
  })

  it('has a row for every folder that is a service', () => {
    expect(names).toEqual(catalogue.map(({ name }) => name).filter((name) => names.includes(name)))
    expect(names.length).toBe(Object.keys(registry).length)
  })
})
