import { afterAll, beforeAll, expect, test } from 'vitest'
import type { VectorEntry, Vectors } from './types.ts'

const dimensions = 64

/** Repeatable pseudo-random directions: nearly at right angles to each other, as there are so many dimensions. */
export const directionOf = (seed: number): number[] => {
  let state = seed * 2_654_435_761 + 12_345
  return Array.from({ length: dimensions }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 31 - 1
  })
}

const between = (one: readonly number[], other: readonly number[], share: number): number[] =>
  one.map((value, index) => value * (1 - share) + (other[index] ?? 0) * share)

const entry = (number: number, label = 'FACT', group = ''): VectorEntry => ({
  id: `entry-${number}`,
  label,
  group,
  vector: directionOf(number),
})

const entries = (from: number, to: number): VectorEntry[] =>
  Array.from({ length: to - from }, (_, index) => entry(from + index))

/** What a service may rely on, wherever the vectors are. `indexFrom` is the size from which `open` makes indexes. */
export const vectorsConformance = (open: () => Promise<Vectors>, { indexFrom }: { indexFrom: number }): void => {
  let vectors: Vectors
  beforeAll(async () => {
    vectors = await open()
  })
  afterAll(() => vectors?.close())

  test('a collection that nothing was put into is empty', async () => {
    const nothing = vectors.collection('nothing')
    expect(await nothing.nearest(directionOf(1), { limit: 3 })).toEqual([])
    expect(await nothing.entries(['entry-1'])).toEqual([])
    expect(await nothing.ids()).toEqual([])
    await nothing.erase(['entry-1'])
    expect(await vectors.names()).not.toContain('nothing')
  })

  test('the nearest come first, with the cosine of their angles', async () => {
    const near = vectors.collection('near')
    const wanted = directionOf(1)
    await near.put([
      { id: 'same', label: 'FACT', group: '', vector: wanted.map((value) => value * 3) },
      { id: 'like', label: 'FACT', group: '', vector: between(wanted, directionOf(2), 0.3) },
      { id: 'other', label: 'FACT', group: '', vector: directionOf(3) },
      { id: 'opposite', label: 'FACT', group: '', vector: wanted.map((value) => -value) },
    ])
    const found = await near.nearest(wanted, { limit: 10 })
    expect(found.map(({ id }) => id)).toEqual(['same', 'like', 'other', 'opposite'])
    expect(found[0]?.score).toBeCloseTo(1, 5)
    expect(found[3]?.score).toBeCloseTo(-1, 5)
    expect((await near.nearest(wanted, { limit: 1 })).map(({ id }) => id)).toEqual(['same'])
  })

  test('only what has one of the labels is found, though others are nearer', async () => {
    const labelled = vectors.collection('labelled')
    await labelled.put([entry(1, 'FACT'), entry(2, 'EVENT'), entry(3, "it's a task")])
    const found = async (labels: readonly string[]): Promise<string[]> =>
      (await labelled.nearest(directionOf(1), { limit: 3, labels })).map(({ id }) => id)
    expect(await found(['EVENT'])).toEqual(['entry-2'])
    expect(await found(["it's a task"])).toEqual(['entry-3'])
    expect(await found([])).toEqual([])
  })

  test('only what is of the group is found, and what is of none only as such', async () => {
    const grouped = vectors.collection('grouped')
    await grouped.put([entry(1), entry(2, 'FACT', "the boss's garden"), entry(3, 'EVENT', "the boss's garden")])
    const found = async (search: { group?: string; labels?: string[] }): Promise<string[]> =>
      (await grouped.nearest(directionOf(1), { limit: 3, ...search })).map(({ id }) => id).toSorted()
    expect(await found({ group: "the boss's garden" })).toEqual(['entry-2', 'entry-3'])
    expect(await found({ group: "the boss's garden", labels: ['EVENT'] })).toEqual(['entry-3'])
    expect(await found({ group: '' })).toEqual(['entry-1'])
    expect(await found({})).toHaveLength(3)
  })

  test('what is put under the same id replaces what was there', async () => {
    const replaced = vectors.collection('replaced')
    await replaced.put([entry(1), entry(2)])
    await replaced.put([{ id: 'entry-1', label: 'EVENT', group: 'garden', vector: directionOf(9) }])
    expect(await replaced.ids()).toHaveLength(2)
    const [found] = await replaced.entries(['entry-1'])
    expect(found).toMatchObject({ label: 'EVENT', group: 'garden' })
    expect(found?.vector).toEqual(directionOf(9).map(Math.fround))
  })

  test('collections know nothing of each other', async () => {
    await vectors.collection('one').put([entry(1)])
    await vectors.collection('other').put([entry(2)])
    expect((await vectors.collection('one').nearest(directionOf(2), { limit: 9 })).map(({ id }) => id)).toEqual([
      'entry-1',
    ])
    expect(await vectors.collection('one').entries(['entry-2'])).toEqual([])
    expect(await vectors.names()).toEqual(expect.arrayContaining(['one', 'other']))
  })

  test('what is erased is gone, what is not stays, and what is the last takes its collection along', async () => {
    const erased = vectors.collection('erased')
    await erased.put([entry(1), entry(2), entry(3)])
    await erased.erase(['entry-2', 'unknown'])
    expect((await erased.ids()).toSorted()).toEqual(['entry-1', 'entry-3'])
    expect((await erased.nearest(directionOf(1), { limit: 1 }))[0]?.id).toBe('entry-1')
    await erased.put([entry(4)])
    await erased.erase(['entry-1', 'entry-3', 'entry-4'])
    expect(await erased.ids()).toEqual([])
    expect(await vectors.names()).not.toContain('erased')
    await erased.put([entry(5)])
    expect(await erased.ids()).toEqual(['entry-5'])
  })

  test('many single writes are found as well as one of many, before and after an index is made', async () => {
    const grown = vectors.collection('grown')
    for (let number = 0; number < 40; number += 1) await grown.put([entry(number)])
    expect((await grown.nearest(directionOf(7), { limit: 1 }))[0]).toEqual({
      id: 'entry-7',
      score: expect.closeTo(1, 5),
    })
    await grown.put(entries(40, indexFrom + 10))
    await grown.put([entry(indexFrom + 10)])
    for (const number of [0, 7, 41, indexFrom, indexFrom + 10]) {
      const [found] = await grown.nearest(directionOf(number), { limit: 3 })
      expect(found).toEqual({ id: `entry-${number}`, score: expect.closeTo(1, 5) })
    }
    await grown.erase(['entry-41'])
    expect((await grown.nearest(directionOf(41), { limit: 1 }))[0]?.id).not.toBe('entry-41')
    expect(await grown.ids()).toHaveLength(indexFrom + 10)
  })

  test('what one opening writes, another reads at once', async () => {
    const other = await open()
    const shared = vectors.collection('shared')
    await shared.put([entry(1)])
    expect(await other.collection('shared').ids()).toEqual(['entry-1'])
    await shared.erase(['entry-1'])
    expect(await other.collection('shared').ids()).toEqual([])
    await other.close()
  })

  test('reading goes on while others write and erase', async () => {
    const busy = vectors.collection('busy')
    await busy.put(entries(0, 20))
    const reading = async (): Promise<void> => {
      for (let round = 0; round < 30; round += 1) {
        expect((await busy.nearest(directionOf(1), { limit: 1 }))[0]?.id).toBe('entry-1')
      }
    }
    const writing = async (): Promise<void> => {
      for (let number = 20; number < 30; number += 1) {
        await busy.put([entry(number)])
        await busy.erase([`entry-${number}`])
      }
    }
    await Promise.all([reading(), reading(), writing()])
    expect(await busy.ids()).toHaveLength(20)
  })
}
