import { Kind, buildSchema, parse } from 'graphql'
import type { GraphQLError } from 'graphql'
import { describe, expect, it } from 'vitest'
import { written } from './bytes.ts'
import { readOperation } from './operation.ts'
import { createOutput } from './output.ts'
import type { Data, Variables } from './types.ts'
import { compileWriter } from './write.ts'

const schema = buildSchema(`
  type Query { user: User sure: User! users: [User!] maybe: [User] grid: [[Int!]!] node: Node hero: Hero colour: Colour at: Time }
  type User implements Node { id: ID! name: String! age: Int score: Float on: Boolean best: User }
  type Robot implements Node { id: ID! serial: Int! }
  interface Node { id: ID! }
  union Hero = User | Robot
  enum Colour { RED GREEN }
  scalar Time
`)

type Answer = { readonly text: string | undefined; readonly errors: readonly (readonly [string, string])[] }

const write = (query: string, data: Data, variables: Variables = {}, before: GraphQLError[] = []): Answer => {
  const document = parse(query)
  const [node] = document.definitions
  if (node?.kind !== Kind.OPERATION_DEFINITION) throw new Error('the test writes no operation')
  const output = createOutput(before, variables)
  const isWritten = compileWriter(readOperation(schema, document, node), variables, (key) => key)(data, output)
  const text = isWritten ? written(output).toString() : undefined
  return { text, errors: output.errors.map(({ path = [], message }) => [path.join('.'), message] as const) }
}

describe('the response writer', () => {
  it('writes what was asked, in its order, and nothing that only a plan needed', () => {
    const data = { user: { __typename: 'User', id: '1', again: 'Ada', name: 'Ada', key: 'hidden' } }
    expect(write('{ user { name ...F } } fragment F on User { __typename again: name id }', data)).toEqual({
      text: '{"user":{"name":"Ada","__typename":"User","again":"Ada","id":"1"}}',
      errors: [],
    })
  })

  it('writes every text as JSON has it', () => {
    const texts = [
      '',
      'plain',
      'a "b"',
      'back\\slash',
      'line\nbreak',
      '\u0000',
      '\u007f',
      'é€',
      '😀',
      '\ud83d',
      '\udc00',
      '\u2028',
    ]
    for (const name of [...texts, ...texts.map((text) => text + 'x'.repeat(80))]) {
      expect(write('{ user { name } }', { user: { name } }).text).toBe(JSON.stringify({ user: { name } }))
    }
  })

  it('merges what is selected twice, and leaves out what variables leave out', () => {
    const query =
      'query ($on: Boolean!) { user { name @include(if: $on) best { id } } user { best { name } age @skip(if: $on) } }'
    const data = { user: { name: 'Ada', age: 36, best: { id: '2', name: 'Grace' } } }
    expect(write(query, data, { on: true }).text).toBe('{"user":{"name":"Ada","best":{"id":"2","name":"Grace"}}}')
    expect(write(query, data, { on: false }).text).toBe('{"user":{"best":{"id":"2","name":"Grace"},"age":36}}')
  })

  it('hands a null up to where it may be, with one error at its own place', () => {
    const { text, errors } = write('{ maybe { id name } users { id name } }', {
      maybe: [{ id: '1', name: null }, { id: '2', name: 'Grace' }, null],
      users: [{ id: '1', name: 'Ada' }, { id: '2' }],
    })
    expect(text).toBe('{"maybe":[null,{"id":"2","name":"Grace"},null],"users":null}')
    expect(errors.map(([path]) => path)).toEqual(['maybe.0.name', 'users.1.name'])
  })

  it('gives no data when a null reaches the top', () => {
    expect(write('{ sure { id } }', {})).toEqual({
      text: undefined,
      errors: [['sure', 'Cannot return null for non-nullable field Query.sure.']],
    })
  })

  it('does not explain a null twice', () => {
    const { errors } = write('{ sure { id } }', {})
    expect(errors).toHaveLength(1)
    const known = { path: ['sure', 'id'], message: 'lost' } as unknown as GraphQLError
    expect(write('{ sure { id } }', { sure: { id: null } }, {}, [known]).errors).toEqual([['sure.id', 'lost']])
    expect(write('{ sure { id } }', { sure: null }, {}, [known]).errors).toEqual([['sure.id', 'lost']])
  })

  it('knows lists of lists', () => {
    expect(write('{ grid }', { grid: [[1, 2], [], null] })).toMatchObject({ text: '{"grid":null}' })
    expect(write('{ grid }', { grid: [[1, 2], []] }).text).toBe('{"grid":[[1,2],[]]}')
  })

  it('chooses fields by the type of the object', () => {
    const query = '{ node { __typename id ... on User { name } ... on Robot { serial } } hero { ... on Node { id } } }'
    expect(
      write(query, { node: { __typename: 'Robot', id: 'r', serial: 7 }, hero: { __typename: 'User', id: 'u' } }).text,
    ).toBe('{"node":{"__typename":"Robot","id":"r","serial":7},"hero":{"id":"u"}}')
  })

  it('never tells of a type that clients do not know', () => {
    const { text, errors } = write('{ node { id } }', { node: { __typename: 'Secret', id: '1' } })
    expect(text).toBe('{"node":null}')
    expect(errors).toEqual([['node', 'A subgraph answered with an object that is no Node.']])
  })

  it('checks values as graphql-js does', () => {
    const user = { id: 1, name: true, age: 2 ** 40, score: '1.5', on: 'yes' }
    expect(
      write('{ user { id name age score on } colour at }', { user, colour: 'BLUE', at: { any: ['thing'] } }),
    ).toEqual({
      text: '{"user":{"id":"1","name":"true","age":null,"score":1.5,"on":null},"colour":null,"at":{"any":["thing"]}}',
      errors: [
        ['user.age', 'A subgraph answered with a value that is no Int.'],
        ['user.on', 'A subgraph answered with a value that is no Boolean.'],
        ['colour', 'A subgraph answered with a value that is no Colour.'],
      ],
    })
  })

  it('takes nothing for granted about the shape of an answer', () => {
    const { text, errors } = write('{ user { id } users { id } }', { user: 'Ada', users: { id: '1' } })
    expect(text).toBe('{"user":null,"users":null}')
    expect(errors.map(([path]) => path)).toEqual(['user', 'users'])
  })

  it('refuses to write without end where objects refer to each other', () => {
    const person: Data = { id: '1', name: 'Ada' }
    person['best'] = person
    const query = `{ users { ${'best { '.repeat(20)} id ${'}'.repeat(20)} } }`
    expect(() => write(query, { users: Array.from({ length: 200_000 }, () => person) })).toThrow(
      'more than 2000000 values',
    )
  })
})
