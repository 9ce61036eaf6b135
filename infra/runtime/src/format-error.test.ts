import { GraphQLError, GraphQLObjectType, GraphQLSchema, GraphQLString, buildSchema, graphql } from 'graphql'
import type { GraphQLFormattedError } from 'graphql'
import { describe, expect, test } from 'vitest'
import { codedError } from './errors.ts'
import { formatError } from './format-error.ts'
import { createLogger, silentLogger } from './logs.ts'

const execute = async (resolve: () => unknown): Promise<GraphQLError> => {
  const query = new GraphQLObjectType({ name: 'Query', fields: { field: { type: GraphQLString, resolve } } })
  return firstError(await graphql({ schema: new GraphQLSchema({ query }), source: '{ field }' }))
}

const firstError = ({ errors }: { readonly errors?: readonly GraphQLError[] }): GraphQLError => {
  const error = errors?.[0]
  if (error === undefined) throw new Error('no error')
  return error
}

const seenByClient = (error: GraphQLError, more: { exposeCause?: boolean } = {}): GraphQLFormattedError =>
  formatError({
    formatted: error.toJSON(),
    error,
    logger: silentLogger,
    requestId: 'request-1',
    exposeCause: false,
    ...more,
  })

describe('formatError', () => {
  test('an error of the table passes with its path, without its stack', async () => {
    const error = await execute(() => {
      throw codedError('CONFLICT', 'The order is closed.', { status: 'FILLED', stacktrace: ['at secret.ts'] })
    })
    expect(seenByClient(error)).toEqual({
      message: 'The order is closed.',
      path: ['field'],
      locations: [{ line: 1, column: 3 }],
      extensions: { code: 'CONFLICT', status: 'FILLED' },
    })
  })

  test('any other error is masked and named by its request', async () => {
    const error = await execute(() => {
      throw new Error('connect ECONNREFUSED 10.0.0.7:5432')
    })
    expect(seenByClient(error)).toEqual({
      message: 'Something went wrong on our side.',
      path: ['field'],
      locations: [{ line: 1, column: 3 }],
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'request-1' },
    })
  })

  test('a GraphQL error without a code that a resolver threw is masked too', async () => {
    const error = await execute(() => {
      throw new GraphQLError('row 17 of table secrets')
    })
    expect(seenByClient(error).message).toBe('Something went wrong on our side.')
  })

  test('a code that only looks like one, as those of Node.js, is masked', async () => {
    const error = await execute(() => {
      throw Object.assign(new GraphQLError('boom', { extensions: { code: 'ECONNREFUSED' } }))
    })
    expect(seenByClient(error).extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', requestId: 'request-1' })
  })

  test('a masked error is logged with its cause and the id of the request', async () => {
    const lines: string[] = []
    const logger = createLogger({
      name: 'test',
      level: 'info',
      pretty: false,
      destination: { write: (line) => lines.push(line) },
    })
    const error = await execute(() => {
      throw new Error('the disk is full')
    })
    formatError({ formatted: error.toJSON(), error, logger, requestId: 'request-1', exposeCause: false })
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines.join(''))).toMatchObject({
      requestId: 'request-1',
      path: ['field'],
      err: { message: 'the disk is full' },
    })
  })

  test('in development the cause is told', async () => {
    const error = await execute(() => {
      throw new Error('the disk is full')
    })
    expect(seenByClient(error, { exposeCause: true }).extensions?.cause).toBe('the disk is full')
  })

  test('what a subgraph answered follows the same rule', () => {
    const answered = (extensions: Record<string, unknown>): GraphQLFormattedError => {
      const formatted = { message: 'from a subgraph', path: ['account'], extensions }
      return formatError({ formatted, error: formatted, logger: silentLogger, exposeCause: false })
    }
    expect(answered({ code: 'INSUFFICIENT_FUNDS', exception: { stack: 'secret' } })).toEqual({
      message: 'from a subgraph',
      path: ['account'],
      extensions: { code: 'INSUFFICIENT_FUNDS' },
    })
    expect(answered({ code: 'SOMETHING_ELSE' }).message).toBe('Something went wrong on our side.')
    expect(answered({ code: 'INTERNAL_SERVER_ERROR' }).message).toBe('Something went wrong on our side.')
  })

  test('errors in the document and the variables pass, whichever transport met them', async () => {
    const schema = buildSchema('type Query { field(count: Int): String }')
    const run = async (source: string, variableValues = {}): Promise<GraphQLFormattedError> =>
      seenByClient(firstError(await graphql({ schema, source, variableValues })))
    expect((await run('{ field')).extensions?.code).toBe('GRAPHQL_PARSE_FAILED')
    expect((await run('{ unknown }')).extensions?.code).toBe('GRAPHQL_VALIDATION_FAILED')
    const variable = await run('query ($count: Int) { field(count: $count) }', { count: 'many' })
    expect(variable.extensions?.code).toBe('BAD_USER_INPUT')
    expect(variable.message).toContain('"$count" got invalid value "many"')
  })
})
