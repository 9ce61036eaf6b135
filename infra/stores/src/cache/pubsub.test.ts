import { randomUUID } from 'node:crypto'
import { silentLogger } from '@codai/runtime'
import { Redis } from 'ioredis'
import { afterEach, describe, expect, test } from 'vitest'
import { openPubSub } from './pubsub.ts'
import type { PubSub } from './pubsub.ts'
import { redisModes } from './redis-modes.ts'
import { MOST_WAITING_EVENTS } from './topic-subscription.ts'

describe.each(redisModes())('publish/subscribe $mode', ({ redisUrl }) => {
  const opened: PubSub[] = []
  const open = (): PubSub => {
    const pubsub = openPubSub({ redisUrl, logger: silentLogger })
    opened.push(pubsub)
    return pubsub
  }
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((pubsub) => pubsub.close()))
  })

  test('every subscriber of a topic gets its events in order, and those of no other', async () => {
    const pubsub = open()
    const [topic, other] = [randomUUID(), randomUUID()]
    const subscriptions = [pubsub.subscribe(topic), pubsub.subscribe(topic)]
    await Promise.all(subscriptions.map(({ ready }) => ready))
    await pubsub.publish(other, 'not for them')
    for (const number of [1, 2, 3]) await pubsub.publish(topic, number)
    for (const subscription of subscriptions) {
      for (const value of [1, 2, 3]) expect(await subscription.next()).toEqual({ value, done: false })
    }
  })

  test('dates and bigints arrive as such, and each subscriber has its own copy', async () => {
    const pubsub = open()
    const topic = randomUUID()
    const [first, second] = [pubsub.subscribe(topic), pubsub.subscribe(topic)]
    await Promise.all([first.ready, second.ready])
    const payload = { at: new Date('2026-01-31T12:00:00Z'), minorUnits: -9_007_199_254_740_993n, none: null }
    await pubsub.publish(topic, payload)
    const received = await first.next()
    expect(received.value).toEqual(payload)
    Object.assign(received.value as object, { none: 'changed' })
    expect((await second.next()).value).toEqual(payload)
  })

  test('a reader that waits is woken by the event', async () => {
    const pubsub = open()
    const topic = randomUUID()
    const subscription = pubsub.subscribe(topic)
    const next = subscription.next()
    await subscription.ready
    await pubsub.publish(topic, 'hello')
    expect(await next).toEqual({ value: 'hello', done: false })
  })

  test('returning unsubscribes: a loop that breaks gets nothing more, and the others still do', async () => {
    const pubsub = open()
    const topic = randomUUID()
    const [leaving, staying] = [pubsub.subscribe(topic), pubsub.subscribe(topic)]
    await Promise.all([leaving.ready, staying.ready])
    await pubsub.publish(topic, 1)
    for await (const event of leaving) {
      expect(event).toBe(1)
      break
    }
    await pubsub.publish(topic, 2)
    expect(await leaving.next()).toEqual({ value: undefined, done: true })
    expect((await staying.next()).value).toBe(1)
    expect((await staying.next()).value).toBe(2)
  })

  test('a subscription that ends before it was made can be made again', async () => {
    const pubsub = open()
    const topic = randomUUID()
    await pubsub.subscribe(topic).return?.()
    const again = pubsub.subscribe(topic)
    await again.ready
    await pubsub.publish(topic, 'heard')
    expect((await again.next()).value).toBe('heard')
  })

  test('a subscriber that falls behind gets what was kept and is then thrown out, and nobody else is', async () => {
    const pubsub = open()
    const topic = randomUUID()
    const [slow, quick] = [pubsub.subscribe(topic), pubsub.subscribe(topic)]
    await Promise.all([slow.ready, quick.ready])
    for (let number = 0; number <= MOST_WAITING_EVENTS; number += 1) {
      await pubsub.publish(topic, number)
      expect((await quick.next()).value).toBe(number)
    }
    for (let number = 0; number < MOST_WAITING_EVENTS; number += 1) expect((await slow.next()).value).toBe(number)
    await expect(slow.next()).rejects.toMatchObject({ extensions: { code: 'UNAVAILABLE', topic } })
    expect(await slow.next()).toEqual({ value: undefined, done: true })
    await pubsub.publish(topic, 'more')
    expect((await quick.next()).value).toBe('more')
  })

  test('closing ends every subscription', async () => {
    const pubsub = open()
    const subscription = pubsub.subscribe(randomUUID())
    await subscription.ready
    const next = subscription.next()
    await pubsub.close()
    expect(await next).toEqual({ value: undefined, done: true })
  })

  test.runIf(redisUrl !== undefined)('events reach other processes, and survive what others write there', async () => {
    const [here, there] = [open(), open()]
    const topic = randomUUID()
    const subscription = there.subscribe(topic)
    await subscription.ready
    const stranger = new Redis(redisUrl ?? '')
    await stranger.publish(`codai:topic:${topic}`, 'not our text')
    await stranger.quit()
    await here.publish(topic, { ok: true })
    expect((await subscription.next()).value).toEqual({ ok: true })
  })
})

test('without its Redis, publishing and subscribing fail and say what is unreachable', async () => {
  const pubsub = openPubSub({ redisUrl: 'redis://127.0.0.1:1', logger: silentLogger })
  await expect(pubsub.publish('topic', 1)).rejects.toThrow('redis://127.0.0.1:1')
  await expect(pubsub.subscribe('topic').next()).rejects.toMatchObject({ extensions: { code: 'UNAVAILABLE' } })
  await pubsub.close()
})
