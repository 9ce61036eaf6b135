import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '@codai/runtime'
import {
  buildSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
} from 'graphql'
import type { GraphQLField, GraphQLInputType } from 'graphql'
import { createClient } from 'graphql-ws'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { callerAt } from './client.ts'
import type { System } from './system.ts'

/** What callers may do without being signed in. Whoever adds to the graph has to decide: everything else is refused. */
const forEveryone = {
  mutations: ['answerMfaChallenge', 'refresh', 'signIn', 'signUp'],
  subscriptions: ['orderBook', 'ticker', 'tradesExecuted'],
}

const api = buildSchema(readFileSync(join(repositoryRoot, 'schema/api.graphql'), 'utf8'))

const scalarExamples: Readonly<Record<string, unknown>> = {
  Boolean: true,
  Currency: 'EUR',
  DateTime: '2026-01-01T00:00:00.000Z',
  Decimal: '1',
  Float: 1,
  Int: 1,
  JSON: {},
  URL: 'https://example.org/',
  YearMonth: '2026-01',
}

/** A value that the type accepts, so that a refusal is about the caller and not about the value. */
const exampleOf = (type: GraphQLInputType): unknown => {
  if (isNonNullType(type)) return exampleOf(type.ofType)
  if (isListType(type)) return [exampleOf(type.ofType)]
  if (isEnumType(type)) return type.getValues()[0]?.name
  if (isScalarType(type)) return scalarExamples[type.name] ?? 'something'
  const fields = isInputObjectType(type) ? Object.values(type.getFields()) : []
  return Object.fromEntries(
    fields.filter((field) => isNonNullType(field.type)).map((field) => [field.name, exampleOf(field.type)]),
  )
}

const operation = (
  root: 'mutation' | 'subscription',
  field: GraphQLField<unknown, unknown>,
): { query: string; variables: Record<string, unknown> } => {
  const variables = field.args.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ')
  const given = field.args.map(({ name }) => `${name}: $${name}`).join(', ')
  const type = getNamedType(field.type)
  const selection = isScalarType(type) || isEnumType(type) ? '' : ' { __typename }'
  return {
    query: `${root}${variables && ` (${variables})`} { ${field.name}${given && `(${given})`}${selection} }`,
    variables: Object.fromEntries(field.args.map(({ name, type: input }) => [name, exampleOf(input)])),
  }
}

const fieldsOf = (root: 'mutation' | 'subscription'): GraphQLField<unknown, unknown>[] => {
  const type = root === 'mutation' ? api.getMutationType() : api.getSubscriptionType()
  return Object.values(type?.getFields() ?? {})
}

/** Every mutation and every subscription of the graph, by somebody who is not signed in. Generated from the schema. */
export const describeStrangers = (running: () => System): void => {
  describe('somebody who is not signed in', () => {
    it.each(fieldsOf('mutation').map((field) => [field.name, field] as const))(
      'is let in at %s only if it is meant for everyone',
      async (name, field) => {
        const { query, variables } = operation('mutation', field)
        const { errors } = await callerAt(running()).ask(query, variables)
        // The field is named where it is the caller who is refused, and not something that the caller gave.
        const refused = errors.some(({ extensions }) => extensions?.['field'] === `Mutation.${name}`)
        expect(refused).toBe(!forEveryone.mutations.includes(name))
      },
    )

    it.each(fieldsOf('subscription').map((field) => [field.name, field] as const))(
      'listens to %s only if it is meant for everyone',
      async (name, field) => {
        const { query, variables } = operation('subscription', field)
        const client = createClient({
          url: `${running().url.replace(/^http/, 'ws')}/graphql`,
          webSocketImpl: WebSocket,
          retryAttempts: 0,
        })
        const refused = new Promise<boolean>((resolve) => {
          client.subscribe(
            {
              query,
              variables: name === 'ticker' ? {} : { ...variables, ...('symbol' in variables && { symbol: 'BTC-EUR' }) },
            },
            {
              next: ({ errors }) => resolve(errors?.[0]?.extensions?.['code'] === 'UNAUTHENTICATED'),
              error: (error) => resolve(JSON.stringify(error).includes('UNAUTHENTICATED')),
              complete: () => resolve(false),
            },
          )
        })
        const isRefused = name === 'tradesExecuted' ? await Promise.race([refused, silence(client)]) : await refused
        await client.dispose()
        expect(isRefused).toBe(!forEveryone.subscriptions.includes(name))
      },
    )
  })
}

// Trades come when they come: that nothing was refused by the time another answer of the same socket arrived is enough.
const silence = async (client: ReturnType<typeof createClient>): Promise<boolean> => {
  for await (const answer of client.iterate({ query: '{ __typename }' })) if (answer.data) return false
  return false
}
