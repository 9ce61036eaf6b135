import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLog } from './log.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codai-log-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

const path = () => join(folder, 'test.log')
const read = async (): Promise<string[]> => {
  const records: string[] = []
  const log = await openLog(path(), (record) => records.push(record.toString()))
  await log.close()
  return records
}

test('records are read back in the order in which they were appended', async () => {
  const log = await openLog(path(), () => undefined)
  const written = Array.from({ length: 1_000 }, (_, index) => `record ${index}`)
  await Promise.all(
    written.map((text) => {
      log.append(Buffer.from(text))
      return log.synced()
    }),
  )
  await log.close()
  expect(await read()).toEqual(written)
})

test('what is appended while the log is rewritten follows what was rewritten', async () => {
  const log = await openLog(path(), () => undefined)
  for (let index = 0; index < 100; index += 1) log.append(Buffer.from(`old ${index}`))
  await log.synced()
  const rewritten = log.rewrite(['all', 'that', 'counts'].map((text) => Buffer.from(text)))
  log.append(Buffer.from('covered by what is rewritten'))
  await rewritten
  log.append(Buffer.from('later'))
  await log.synced()
  await log.close()
  expect(await read()).toEqual(['all', 'that', 'counts', 'later'])
})

test('a log that can no longer be written refuses every write from then on', async () => {
  const log = await openLog(path(), () => undefined)
  await log.close()
  log.append(Buffer.from('lost'))
  await expect(log.synced()).rejects.toThrow('cannot be written')
  await expect(log.synced()).rejects.toThrow('cannot be written')
})
