import { afterEach, describe, expect, test, vi } from 'vitest'
import { createLifecycle, stopOnSignals } from './lifecycle.ts'
import { silentLogger } from './logs.ts'

afterEach(() => {
  vi.useRealTimers()
})

const never = (): Promise<void> => new Promise(() => {})

describe('stopping', () => {
  test('releases last-in first-out and ends stopped', async () => {
    const lifecycle = createLifecycle({ logger: silentLogger })
    const released: string[] = []
    for (const name of ['store', 'subgraph', 'http']) lifecycle.onStop(name, () => void released.push(name))
    lifecycle.markReady()
    await lifecycle.stop()
    expect(released).toEqual(['http', 'subgraph', 'store'])
    expect(lifecycle.state).toBe('stopped')
  })

  test('is draining until everything is released', async () => {
    const lifecycle = createLifecycle({ logger: silentLogger })
    let seen = ''
    lifecycle.onStop('http', () => {
      seen = lifecycle.state
    })
    await lifecycle.stop()
    expect(seen).toBe('draining')
  })

  test('one that fails, and one that hangs, do not keep the others from being released', async () => {
    vi.useFakeTimers()
    const lifecycle = createLifecycle({ logger: silentLogger, stopTimeoutMs: 5_000 })
    const released: string[] = []
    lifecycle.onStop('store', () => void released.push('store'))
    lifecycle.onStop('hanging', never)
    lifecycle.onStop('failing', () => {
      throw new Error('broken')
    })
    const stopped = lifecycle.stop()
    await vi.advanceTimersByTimeAsync(5_000)
    await stopped
    expect(released).toEqual(['store'])
  })

  test('twice is once', async () => {
    const lifecycle = createLifecycle({ logger: silentLogger })
    let times = 0
    lifecycle.onStop('store', () => void (times += 1))
    await Promise.all([lifecycle.stop(), lifecycle.stop()])
    await lifecycle.stop()
    expect(times).toBe(1)
  })

  test('what is opened after the end is released at once', async () => {
    const lifecycle = createLifecycle({ logger: silentLogger })
    await lifecycle.stop()
    await new Promise<void>((resolve) => {
      lifecycle.onStop('late', resolve)
    })
    lifecycle.markReady()
    expect(lifecycle.state).toBe('stopped')
  })
})

describe('readiness', () => {
  test('is ready only when marked so and every check passes', async () => {
    const lifecycle = createLifecycle({ logger: silentLogger })
    let reachable = true
    lifecycle.addReadinessCheck('database', async () => {
      if (!reachable) throw new Error('connection refused')
    })
    expect(await lifecycle.readiness()).toEqual({ ready: false, checks: { database: { ok: true } } })
    lifecycle.markReady()
    expect(await lifecycle.readiness()).toEqual({ ready: true, checks: { database: { ok: true } } })
    reachable = false
    expect(await lifecycle.readiness()).toEqual({
      ready: false,
      checks: { database: { ok: false, error: 'connection refused' } },
    })
  })

  test('a check that hangs counts as failed', async () => {
    vi.useFakeTimers()
    const lifecycle = createLifecycle({ logger: silentLogger })
    lifecycle.addReadinessCheck('cache', never)
    lifecycle.markReady()
    const readiness = lifecycle.readiness()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await readiness).toMatchObject({ ready: false, checks: { cache: { error: 'took longer than 2000 ms' } } })
  })

  test('a process that stops is not ready', async () => {
    const lifecycle = createLifecycle({ logger: silentLogger })
    lifecycle.markReady()
    await lifecycle.stop()
    expect((await lifecycle.readiness()).ready).toBe(false)
  })
})

describe('signals', () => {
  test('the first stops in order, a second ends at once', async () => {
    let finish = (): void => {}
    const stopped = new Promise<void>((resolve) => {
      finish = resolve
    })
    const exits: number[] = []
    const exited = new Promise<void>((resolve) => {
      const exit = (code: number): void => {
        exits.push(code)
        if (code === 0) resolve()
      }
      const remove = stopOnSignals({ stop: () => stopped }, { exit })
      process.emit('SIGTERM', 'SIGTERM')
      process.emit('SIGINT', 'SIGINT')
      remove()
    })
    expect(exits).toEqual([130])
    finish()
    await exited
    expect(exits).toEqual([130, 0])
  })
})
