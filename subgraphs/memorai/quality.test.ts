import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import fabricai from '../fabricai/subgraph.ts'
import { indexed, recall, rememberMany, slowly } from './memories.fixture.ts'
import { labelled } from './quality.fixture.ts'
import memorai from './subgraph.ts'

const someone = { id: 'somebody-who-remembers' }

// Somewhat below what README.md tells, as rounding differs between machines.
const leastRecallAt1 = 0.85
const leastRecallAt3 = 0.9

vi.setConfig(slowly)

let world: TestWorld
beforeAll(async () => {
  world = await startWorld([memorai, fabricai], { start: true })
  const memories = await rememberMany(
    world.as(someone),
    labelled.map(({ content }) => ({ content })),
  )
  await indexed(world.as(someone), memories.at(-1)?.id ?? '')
})
afterAll(() => world?.stop())

it('recalls what answers a question that is put in other words', async () => {
  const places: { asked: string; place: number }[] = []
  for (const { content, asked } of labelled) {
    for (const question of asked) {
      const found = await recall(world.as(someone), question, { first: labelled.length })
      places.push({ asked: question, place: found.findIndex(({ memory }) => memory.content === content) + 1 })
    }
  }
  const shareWithin = (most: number): number =>
    places.filter(({ place }) => place > 0 && place <= most).length / places.length
  expect({ at1: shareWithin(1), at3: shareWithin(3), missed: places.filter(({ place }) => place > 3) }).toEqual({
    at1: expect.toSatisfy((share: number) => share >= leastRecallAt1),
    at3: expect.toSatisfy((share: number) => share >= leastRecallAt3),
    missed: expect.any(Array),
  })
})

it('ranks a paraphrase above everything that has nothing to do with it', async () => {
  const paraphrases: readonly [string, string][] = [
    ['Bob is allergic to peanuts and must not eat them.', 'Bob must not eat peanuts because he is allergic.'],
    ['Next year in April my passport runs out.', 'My passport expires in April next year.'],
    ['On the first day of the month the rent has to be paid.', 'The rent is paid on the first of each month.'],
    ['Every night at three o’clock there is a backup of the server.', 'The server is backed up every night at three.'],
    ['There is an appointment with the dentist at nine on Tuesday.', 'The dentist appointment is on Tuesday at nine.'],
  ]
  for (const [paraphrase, content] of paraphrases) {
    const [first, second] = await recall(world.as(someone), paraphrase, { first: 2 })
    expect(first?.memory.content).toBe(content)
    expect(first?.score).toBeGreaterThan(0.5)
    expect((first?.score ?? 0) - (second?.score ?? 0)).toBeGreaterThan(0.15)
  }
})
