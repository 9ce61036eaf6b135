import { graphql } from 'graphql'
import { silentLogger } from '@codai/runtime'
import { expect, test } from 'vitest'
import { loader } from './loader.ts'
import { executableSchema } from './schema.ts'

const sdl = `
  type Query { count: Int }
  type Mutation { add: Counter }
  type Counter { value: Int }
`

test('each field of a mutation answers with the state after its own change', async () => {
  let value = 0
  const freshLoaders = () => ({
    values: loader(
      async () => [{ id: 'one', value }],
      ({ id }) => id,
    ),
  })
  type Context = { loaders: ReturnType<typeof freshLoaders> }
  const resolvers = {
    Mutation: { add: () => (value += 1) },
    Counter: {
      value: async (_: unknown, __: unknown, { loaders }: Context) => (await loaders.values.load('one'))?.value,
    },
  }
  const schema = executableSchema(sdl, resolvers, freshLoaders)
  const contextValue = {
    identity: { kind: 'service', service: 'tests' },
    requestId: 'request',
    logger: silentLogger,
    service: undefined,
    loaders: freshLoaders(),
  }

  const { data } = await graphql({
    schema,
    source: 'mutation { first: add { value } second: add { value } }',
    contextValue,
  })
  expect(data).toEqual({ first: { value: 1 }, second: { value: 2 } })
})
