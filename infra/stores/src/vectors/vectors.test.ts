import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '@codai/runtime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { directionOf, vectorsConformance } from './vectors.conformance.ts'
import { openVectors } from './vectors.ts'

const indexFrom = 300

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codai-vectors-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('vectors in a folder', () => {
  vectorsConformance(async () => openVectors({ uri: join(folder, 'conformance'), logger: silentLogger, indexFrom }), {
    indexFrom,
  })
})

const storageUri = process.env['CODAI_TEST_VECTORS_URI'] ?? ''
describe.runIf(storageUri !== '')('vectors in object storage', () => {
  vectorsConformance(async () => openVectors({ uri: storageUri, logger: silentLogger, indexFrom }), { indexFrom })
})

/** The files in a folder that hold the bytes. */
const filesWith = async (where: string, bytes: Buffer): Promise<string[]> => {
  const files = (await readdir(where, { recursive: true, withFileTypes: true })).filter((file) => file.isFile())
  const paths = files.map((file) => join(file.parentPath, file.name))
  const texts = await Promise.all(paths.map((path) => readFile(path)))
  return paths.filter((_, index) => texts[index]?.includes(bytes))
}

const bytesOf = (vector: readonly number[]): Buffer => Buffer.from(new Float32Array(vector).buffer)

// Few and many: a large file with few deleted rows is one that compaction leaves as it is.
test.each([3, 200, 2 * indexFrom])('of %i entries, one that is erased is in no file any more', async (count) => {
  const uri = join(folder, `erased-${count}`)
  const vectors = openVectors({ uri, logger: silentLogger, indexFrom })
  const collection = vectors.collection('memories')
  const entries = Array.from({ length: count }, (_, number) => ({
    id: `entry-number-${number}`,
    label: 'FACT',
    group: '',
    vector: directionOf(number),
  }))
  await collection.put(entries.slice(1))
  await collection.put(entries.slice(0, 1))
  for (const number of [0, 1]) {
    expect(await filesWith(uri, bytesOf(directionOf(number)))).not.toEqual([])
    await collection.erase([`entry-number-${number}`])
    expect(await filesWith(uri, bytesOf(directionOf(number)))).toEqual([])
  }
  expect(await filesWith(uri, bytesOf(directionOf(2)))).not.toEqual([])
  await vectors.close()
})

test('a place that cannot be used is named when it is first needed', async () => {
  const file = join(folder, 'a-file')
  await writeFile(file, 'not a folder')
  const vectors = openVectors({ uri: join(file, 'vectors'), logger: silentLogger })
  await vectors.check()
  await expect(vectors.names()).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
})
