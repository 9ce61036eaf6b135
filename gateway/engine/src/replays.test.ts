import { setImmediate } from 'node:timers/promises'
import { GraphQLError } from 'graphql'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Written } from './prepare.ts'
import { createReplays } from './replays.ts'
import type { Reply, Send, Variables } from './types.ts'

const replyOf = (value: unknown): Reply => ({ text: JSON.stringify(value), read: () => ({ data: { value } }) })

/** Requests as they come, to be answered by hand. */
const createSubgraph = () => {
  const asked: { readonly body: string; readonly answer: (value: unknown) => void; readonly fail: () => void }[] = []
  let onAsked = (): void => {}
  const send: Send = ({ body }) =>
    new Promise((resolve, reject) => {
      asked.push({
        body,
        answer: (value) => resolve(replyOf(value)),
        fail: () => reject(new Error(`${body} is lost`)),
      })
      onAsked()
    })
  const find = (body: string): (typeof asked)[number] | undefined => asked.find((each) => each.body === body)
  return {
    send,
    bodies: () => asked.map(({ body }) => body),
    /** The request with that body, as soon as there is one. */
    request: (body: string): Promise<(typeof asked)[number]> =>
      new Promise((resolve) => {
        onAsked = () => {
          const found = find(body)
          if (found) resolve(found)
        }
        onAsked()
      }),
  }
}

let computed: number

/** Asks for two numbers, and with each for the name that has it. */
const compute = async (_variables: Variables, send: Send): Promise<Written> => {
  computed += 1
  const errors: GraphQLError[] = []
  const ask = async (body: string): Promise<unknown> => {
    try {
      return (await send({ service: 'names', body, query: body, isRead: true, mayShare: true })).read().data?.['value']
    } catch (error) {
      errors.push(new GraphQLError(String(error)))
      return 'nobody'
    }
  }
  const nameOf = async (number: string): Promise<unknown> => ask(`name ${String(await ask(number))}`)
  const names = await Promise.all(['one', 'two'].map(nameOf))
  return { data: Buffer.from(names.join(' and ')), errors }
}

/** Runs it once, answering the requests in the given order. */
const runOnce = async (
  run: (variables: Variables, send: Send) => Promise<Written>,
  answers: readonly (readonly [body: string, value: unknown])[],
  variables: Variables = {},
): Promise<string> => {
  const { send, request, bodies } = createSubgraph()
  const written = run(variables, send)
  for (const [body, value] of answers) (await request(body)).answer(value)
  const { data, errors } = await written
  // It is learnt when it is over.
  await setImmediate()
  expect(errors).toEqual([])
  expect(bodies().toSorted()).toEqual(answers.map(([body]) => body).toSorted())
  return String(data)
}

const ADA_AND_BOB = [
  ['one', 1],
  ['name 1', 'Ada'],
  ['two', 2],
  ['name 2', 'Bob'],
] as const

beforeEach(() => {
  computed = 0
})

describe('answers that are as before', () => {
  it('lead to the same without anything being computed', async () => {
    const run = createReplays().of(compute)
    for (let time = 0; time < 5; time += 1) expect(await runOnce(run, ADA_AND_BOB)).toBe('Ada and Bob')
    // Once when it is asked for the first time, and once to see what follows from what.
    expect(computed).toBe(2)
  })

  it('are known in every order in which they came', async () => {
    const run = createReplays().of(compute)
    const [one, name1, two, name2] = ADA_AND_BOB
    const orders = [
      [one, name1, two, name2],
      [two, one, name1, name2],
      [two, name2, one, name1],
    ]
    for (const order of [...orders, ...orders]) expect(await runOnce(run, order)).toBe('Ada and Bob')
    expect(computed).toBe(4)
    for (const order of orders) expect(await runOnce(run, order)).toBe('Ada and Bob')
    expect(computed).toBe(4)
  })

  it('are followed by the next requests at once, whatever else is still on its way', async () => {
    const run = createReplays().of(compute)
    for (let time = 0; time < 2; time += 1) await runOnce(run, ADA_AND_BOB)
    const { send, request, bodies } = createSubgraph()
    const written = run({}, send)
    ;(await request('one')).answer(1)
    ;(await request('name 1')).answer('Ada')
    expect(bodies()).toEqual(['one', 'two', 'name 1'])
    ;(await request('two')).answer(2)
    ;(await request('name 2')).answer('Bob')
    expect(String((await written).data)).toBe('Ada and Bob')
    expect(computed).toBe(2)
  })

  it('are those for the same variables only', async () => {
    const run = createReplays().of(compute)
    for (const who of ['me', 'you', 'me', 'you']) await runOnce(run, ADA_AND_BOB, { who })
    expect(computed).toBe(4)
  })
})

describe('answers that are new', () => {
  it('lead to what follows from them, wherever they come', async () => {
    const run = createReplays().of(compute)
    for (let time = 0; time < 3; time += 1) await runOnce(run, ADA_AND_BOB)
    const [one, name1, two] = ADA_AND_BOB
    expect(await runOnce(run, [['one', 3], ['name 3', 'Eve'], two, ['name 2', 'Bob']])).toBe('Eve and Bob')
    expect(await runOnce(run, [one, name1, two, ['name 2', 'Bill']])).toBe('Ada and Bill')
    expect(await runOnce(run, [one, name1, ['two', 4], ['name 4', 'Ada']])).toBe('Ada and Ada')
    const crossed = [['two', 1], name1, ['one', 2], ['name 2', 'Bob']] as const
    expect(await runOnce(run, crossed)).toBe('Bob and Ada')
    const before = computed
    expect(await runOnce(run, [one, name1, two, ['name 2', 'Bill']])).toBe('Ada and Bill')
    expect(await runOnce(run, ADA_AND_BOB)).toBe('Ada and Bob')
    expect(computed).toBe(before)
  })

  it('are computed when one is lost, which is told each time anew', async () => {
    const run = createReplays().of(compute)
    for (let time = 0; time < 5; time += 1) {
      if (time < 3) await runOnce(run, ADA_AND_BOB)
      const { send, request } = createSubgraph()
      const written = run({}, send)
      ;(await request('one')).answer(1)
      ;(await request('two')).fail()
      ;(await request('name 1')).answer('Ada')
      ;(await request('name nobody')).answer('Zed')
      const { data, errors } = await written
      expect(String(data)).toBe('Ada and Zed')
      expect(errors.map(({ message }) => message)).toEqual(['Error: two is lost'])
    }
    expect(await runOnce(run, ADA_AND_BOB)).toBe('Ada and Bob')
  })

  it('are not compared for a while where they hardly ever are as before', async () => {
    const run = createReplays().of(compute)
    for (let time = 0; time < 40; time += 1) {
      const name = `Ada the ${time}th`
      const answers = [['one', 1], ['two', 2], ['name 1', name], ['name 2', 'Bob']] as const // prettier-ignore
      expect(await runOnce(run, answers)).toBe(`${name} and Bob`)
    }
    const before = computed
    for (let time = 0; time < 3; time += 1) expect(await runOnce(run, ADA_AND_BOB)).toBe('Ada and Bob')
    expect(computed).toBe(before + 3)
  })

  it('are remembered up to a number, and then from the beginning again', async () => {
    const run = createReplays().of(compute)
    const answersFor = (time: number) =>
      [['one', 1], ['two', 2], ['name 1', `Ada the ${time}th`], ['name 2', 'Bob']] as const // prettier-ignore
    // Every other time as before, so that it stays worth while.
    for (let time = 0; time < 80; time += 1) {
      const answers = answersFor(Math.floor(time / 2))
      expect(await runOnce(run, answers)).toBe(`Ada the ${Math.floor(time / 2)}th and Bob`)
    }
    const before = computed
    expect(await runOnce(run, answersFor(39))).toBe('Ada the 39th and Bob')
    expect(computed).toBe(before)
    expect(await runOnce(run, answersFor(20))).toBe('Ada the 20th and Bob')
    expect(computed).toBe(before + 1)
  })

  it('are computed each time where they are too large to remember', async () => {
    const run = createReplays().of(compute)
    const long = 'A'.repeat(3_000_000)
    const answers = [
      ['one', 1],
      ['two', 2],
      ['name 1', long],
      ['name 2', 'Bob'],
    ] as const
    for (let time = 0; time < 4; time += 1) expect(await runOnce(run, answers)).toBe(`${long} and Bob`)
    expect(computed).toBe(4)
  })
})
