import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { spawnChild } from './children.ts'
import type { Child, SpawnChildOptions } from './children.ts'
import { createLogger, silentLogger } from './logs.ts'

// Real processes on a busy machine take their time to start.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

type Observer = {
  readonly port: number
  readonly words: string[]
  /** Resolves at the first word. */
  readonly heard: Promise<void>
  readonly gone: Promise<void>
  readonly close: () => void
}

/** A server that the child holds a connection to: it hears what the child says and when it is gone. */
const observe = async (): Promise<Observer> => {
  const words: string[] = []
  const server = createServer()
  let hear = (): void => {}
  const heard = new Promise<void>((resolve) => {
    hear = resolve
  })
  const gone = new Promise<void>((resolve) => {
    server.once('connection', (socket) => {
      socket.on('error', () => {})
      createInterface({ input: socket })
        .on('line', (word) => {
          words.push(word)
          hear()
        })
        .once('close', resolve)
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return { port: (server.address() as AddressInfo).port, words, heard, gone, close: () => server.close() }
}

let observer: Observer
let children: Child[] = []

beforeEach(async () => {
  observer = await observe()
})

afterEach(async () => {
  await Promise.all(children.map((child) => child.stop('SIGKILL')))
  children = []
  observer.close()
})

const start = (file: string, more: Partial<SpawnChildOptions> = {}): Child => {
  const child = spawnChild({
    name: 'fixture',
    command: process.execPath,
    args: ['--import', 'tsx', `${import.meta.dirname}/fixtures/${file}`],
    logger: silentLogger,
    ...more,
    env: { ...process.env, PORT: String(observer.port), ...more.env },
  })
  children.push(child)
  return child
}

test('a child announces that it is ready, with details', async () => {
  const child = start('child.ts')
  expect(await child.ready).toEqual({ pid: child.pid })
})

test('stop asks the child to end and waits until it has', async () => {
  const child = start('child.ts')
  await child.ready
  expect(await child.stop()).toEqual({ code: 0, signal: null })
  await observer.gone
  expect(observer.words).toEqual(['stopped in order'])
  expect(await child.stop()).toEqual({ code: 0, signal: null })
})

test('a child that is told twice to stop ends at once', async () => {
  const child = start('child.ts', { env: { STUBBORN: 'yes' } })
  await child.ready
  void child.stop('SIGTERM')
  await observer.heard
  expect(await child.stop('SIGHUP')).toEqual({ code: 129, signal: null })
})

test('a child that does not stop in its time is killed', async () => {
  const child = start('child.ts', { env: { STUBBORN: 'yes' } })
  await child.ready
  expect(await child.stop('SIGTERM', 50)).toEqual({ code: null, signal: 'SIGKILL' })
})

test('a child that ends before it is ready is reported with its last words', async () => {
  const child = start('failing.ts')
  await expect(child.ready).rejects.toThrow('fixture ended before it was ready (exit code 3)\nthe port is taken')
  expect(await child.exited).toEqual({ code: 3, signal: null })
})

test('a command that does not exist is reported', async () => {
  const child = start('child.ts', { command: '/nonexistent/node' })
  await expect(child.ready).rejects.toThrow('ENOENT')
  expect(await child.stop()).toEqual({ code: null, signal: null })
})

test('a parent that is killed leaves no child, and the child ends in order', async () => {
  const parent = start('parent.ts')
  await parent.ready
  await parent.stop('SIGKILL')
  await observer.gone
  expect(observer.words).toEqual(['stopped in order'])
})

test('what a child logs is logged with its own fields, other lines as messages', async () => {
  const entries: unknown[] = []
  const logger = createLogger({
    name: 'host',
    level: 'info',
    pretty: false,
    destination: { write: (line) => void entries.push(JSON.parse(line)) },
  })
  const child = start('child.ts', { logger })
  await child.ready
  await child.stop()
  expect(entries).toMatchObject([
    { level: 30, child: 'fixture', account: 'a1', msg: 'structured' },
    { level: 30, child: 'fixture', msg: 'plain words' },
  ])
})

test('whoever asks for the lines gets them as they are', async () => {
  const lines: string[] = []
  const child = start('child.ts', { onLine: (line, stream) => lines.push(`${stream}: ${line}`) })
  await child.ready
  await child.stop()
  expect(lines).toEqual(['stdout: {"level":30,"msg":"structured","account":"a1"}', 'stdout: plain words'])
})
