import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { silentLogger } from '@codai/runtime'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'

import type { EmbeddedPostgres } from './embedded-postgres.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { processStart, waitForExit } from './processes.ts'

let folder: string
let running: EmbeddedPostgres[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codai-embedded-'))
  await chmod(folder, 0o755)
  running = []
})

afterEach(async () => {
  for (const server of running) await server.stop()
  await rm(folder, { recursive: true, force: true })
})

const dataDir = () => join(folder, 'postgres')

async function start(): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir: dataDir(), logger: silentLogger })
  running.push(server)
  return server
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

const remember = (url: string) => query(url, `CREATE TABLE note (text text); INSERT INTO note VALUES ('kept')`)

async function postmasterPid(server: { dataDir: string }): Promise<number> {
  return Number((await readFile(join(server.dataDir, 'postmaster.pid'), 'utf8')).split('\n')[0])
}

/** Another process that starts the same folder, says where, and then does nothing until it is killed. */
async function startElsewhere(): Promise<{ url: string; dataDir: string; kill(): Promise<void> }> {
  const program = fileURLToPath(new URL('embedded-postgres.ts', import.meta.url))
  const script = `
    import { startEmbeddedPostgres } from ${JSON.stringify(program)}
    const quiet = () => {}
    const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet }
    const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir())}, logger })
    console.log(JSON.stringify({ url: server.url, dataDir: server.dataDir }))`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  return { ...(JSON.parse(line) as { url: string; dataDir: string }), kill }
}

test('data written before a stop is there after the next start, and no process is left', async () => {
  const first = await start()
  await remember(first.url)
  const pid = await postmasterPid(first)
  await first.stop()
  expect(await processStart(pid)).toBeUndefined()

  const second = await start()
  expect(await query(second.url, 'SELECT text FROM note')).toEqual([{ text: 'kept' }])
})

test('the server wants a password, and the password is readable by its owner alone', async () => {
  const server = await start()
  const open = new URL(server.url)
  open.password = 'wrong'
  await expect(query(open.href, 'SELECT 1')).rejects.toThrow('password authentication failed')
  expect((await stat(`${server.dataDir}.password`)).mode & 0o777).toBe(0o600)
})

test('a server that is killed says so, and its committed rows survive', async () => {
  const first = await start()
  await remember(first.url)
  process.kill(await postmasterPid(first), 'SIGKILL')
  await first.exited

  const second = await start()
  expect(await query(second.url, 'SELECT text FROM note')).toEqual([{ text: 'kept' }])
})

test('when the process that started it is killed, the server stops by itself and keeps what was committed', async () => {
  const elsewhere = await startElsewhere()
  await remember(elsewhere.url)
  const pid = await postmasterPid(elsewhere)
  await elsewhere.kill()
  expect(await waitForExit(pid, 20_000)).toBe(true)

  const next = await start()
  expect(await query(next.url, 'SELECT text FROM note')).toEqual([{ text: 'kept' }])
})

test('a start right after its owner was killed takes the folder over', async () => {
  const elsewhere = await startElsewhere()
  await remember(elsewhere.url)
  await elsewhere.kill()
  const next = await start()
  expect(await query(next.url, 'SELECT text FROM note')).toEqual([{ text: 'kept' }])
})

test.runIf(process.platform === 'linux')('when the guardian is killed, the server does not outlive it', async () => {
  const server = await start()
  const pid = await postmasterPid(server)
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  process.kill(Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]), 'SIGKILL')
  await server.exited
  expect(await processStart(pid)).toBeUndefined()
})

test('a folder that another living process uses is refused, naming that process and the way out', async () => {
  const elsewhere = await startElsewhere()
  const refusal = startEmbeddedPostgres({ dataDir: dataDir(), logger: silentLogger })
  await expect(refusal).rejects.toMatchObject({ code: 'DATA_FOLDER_IN_USE' })
  await expect(refusal).rejects.toThrow(/in use by process \d+.*DATABASE_URL/s)
  expect(await query(elsewhere.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  await elsewhere.kill()
})

test('a leftover postmaster.pid that names some other program does not stand in the way', async () => {
  const first = await start()
  await first.stop()
  await writeFile(join(first.dataDir, 'postmaster.pid'), `${process.pid}\n${first.dataDir}\n`)
  const second = await start()
  expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('a folder that holds something else is left as it is', async () => {
  const first = await start()
  await first.stop()
  await rm(join(first.dataDir, 'PG_VERSION'))
  await expect(start()).rejects.toMatchObject({ code: 'DATA_FOLDER_REFUSED' })
  expect((await stat(join(first.dataDir, 'global'))).isDirectory()).toBe(true)
})

test.runIf(process.getuid?.() === 0)(
  'under a folder closed to other accounts, the data lies where it can be reached',
  async () => {
    await chmod(folder, 0o700)
    const server = await start()
    expect(server.dataDir).not.toBe(dataDir())
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    await server.stop()
    await rm(dirname(server.dataDir), { recursive: true })
  },
)
