import { buildSchema, parse } from 'graphql'
import { expect, test } from 'vitest'
import { subscribeAfresh } from './live.ts'

const schema = buildSchema('type Query { count: Int } type Subscription { count: Int }')
const document = parse('subscription { count }')

test('each event of a subscription is answered with a context of its own', async () => {
  let contexts = 0
  const resolvers = schema.getSubscriptionType()?.getFields()['count']
  if (!resolvers) throw new Error('The schema has no such field.')
  resolvers.subscribe = async function* () {
    yield 'first'
    yield 'second'
  }
  resolvers.resolve = (_event: unknown, _args: unknown, context: { number: number }) => context.number

  const answers = await subscribeAfresh({ schema, document }, () => ({ number: (contexts += 1) }))
  if (!(Symbol.asyncIterator in answers)) throw new Error('The subscription was refused.')
  expect(await answers.next()).toEqual({ value: { data: { count: 1 } }, done: false })
  expect(await answers.next()).toEqual({ value: { data: { count: 2 } }, done: false })
  expect(await answers.next()).toEqual({ value: undefined, done: true })
})

test('a subscription that is left ends its source at once, though no event comes', async () => {
  const resolvers = schema.getSubscriptionType()?.getFields()['count']
  if (!resolvers) throw new Error('The schema has no such field.')
  const left = new Promise<void>((resolve) => {
    const silence: AsyncIterableIterator<unknown> = {
      next: () => new Promise(() => undefined),
      return: async () => {
        resolve()
        return { value: undefined, done: true }
      },
      [Symbol.asyncIterator]: () => silence,
    }
    resolvers.subscribe = () => silence
  })
  const answers = await subscribeAfresh({ schema, document }, () => ({}))
  if (!(Symbol.asyncIterator in answers)) throw new Error('The subscription was refused.')
  void answers.next()
  expect(await answers.return?.()).toEqual({ value: undefined, done: true })
  await left
})
