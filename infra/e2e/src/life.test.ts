import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inheritedEnvironment, repositoryRoot } from '@codai/runtime'
import { registeredPorts } from '@codai/subgraphs/registry'
import { freePortOffset } from '@codai/subgraphs/testing/ports'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

type Started = { child: ChildProcess; output: () => string; exited: Promise<number | null> }

const readyMs = 100_000

/** `pid` and all that it started, also indirectly. */
const familyOf = (pid: number): number[] => {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number))
  const family = [pid]
  // Each member is visited once, also those that are found on the way.
  for (const member of family) for (const [child = 0, parent] of pairs) if (parent === member) family.push(child)
  return family
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('npm start', () => {
  let folder: string
  let env: Record<string, string | undefined>
  let gatewayPort: number
  const started: Started[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'codai-life-'))
    await chmod(folder, 0o755)
    const offset = await freePortOffset([...Object.values(registeredPorts), 8080])
    gatewayPort = 8080 + offset
    env = {
      ...inheritedEnvironment(),
      NODE_ENV: 'development',
      DATA_DIR: join(folder, 'data'),
      PORT_OFFSET: String(offset),
      GATEWAY_PORT: String(gatewayPort),
    }
  })
  afterAll(async () => {
    for (const { child } of started) if (child.exitCode === null) child.kill('SIGKILL')
    await Promise.all(started.map(({ exited }) => exited))
    await rm(folder, { recursive: true, force: true })
  })

  const run = (): Started => {
    const child = spawn(process.execPath, ['infra/commands/run.mjs', 'start'], {
      cwd: repositoryRoot,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let text = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
    const entry = { child, output: () => text, exited }
    started.push(entry)
    return entry
  }

  const untilReady = async ({ output, exited }: Started): Promise<void> => {
    let over = false
    void exited.then(() => (over = true))
    await expect.poll(() => over || output().includes('Codai is ready'), { timeout: readyMs, interval: 100 }).toBe(true)
    expect(output()).toContain('Codai is ready')
  }

  const ask = async (query: string, token?: string): Promise<{ data: Record<string, never> }> => {
    const response = await fetch(`http://127.0.0.1:${gatewayPort}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query }),
    })
    return (await response.json()) as { data: Record<string, never> }
  }

  const signedIn = async (): Promise<string> => {
    const answer = await ask(
      'mutation { signIn(input: { handle: "ada", password: "correct-horse-battery" }) { ... on SignInSuccess { accessToken } } }',
    )
    return (answer.data as unknown as { signIn: { accessToken: string } }).signIn.accessToken
  }

  it(
    'shows its steps and where to go, survives kill -9 with its data, and leaves no process behind',
    { timeout: 3 * readyMs },
    async () => {
      const first = run()
      await untilReady(first)
      expect(first.output()).toMatch(/Starting the stores[\s\S]*Starting the services[\s\S]*Starting the gateway/)
      expect(first.output()).toContain('correct-horse-battery')
      const posted = await ask(
        'mutation { post(input: { text: "Written before the kill." }) { id text } }',
        await signedIn(),
      )
      expect(posted.data).toMatchObject({ post: { text: 'Written before the kill.' } })
      const { post } = posted.data as unknown as { post: { id: string } }

      const family = familyOf(first.child.pid ?? 0)
      expect(family.length).toBeGreaterThan(3)
      first.child.kill('SIGKILL')
      await first.exited
      await expect.poll(() => family.filter(isAlive), { timeout: 20_000 }).toEqual([])

      const second = run()
      await untilReady(second)
      expect((await ask(`{ postById(id: "${post.id}") { text } }`)).data).toEqual({
        postById: { text: 'Written before the kill.' },
      })
      const secondFamily = familyOf(second.child.pid ?? 0)
      second.child.kill('SIGINT')
      expect(await second.exited).toBe(0)
      expect(secondFamily.filter(isAlive)).toEqual([])
    },
  )

  it('names a taken port, and the way to choose another', { timeout: readyMs }, async () => {
    const occupant = createServer()
    await new Promise<void>((resolve) => occupant.listen(gatewayPort, '127.0.0.1', resolve))
    const attempt = run()
    expect(await attempt.exited).toBe(1)
    expect(attempt.output()).toContain(`port ${gatewayPort}, for the gateway`)
    expect(attempt.output()).toContain(`GATEWAY_PORT=${gatewayPort + 1}`)
    await new Promise((resolve) => occupant.close(resolve))
  })
})
