import { Kind, buildSchema, parse } from 'graphql'
import { expect, it } from 'vitest'
import { findConflict } from './conflicts.ts'
import type { Conflict } from './conflicts.ts'
import { readOperation } from './operation.ts'

const TYPES = 10
const LEVELS = 40

const schema = buildSchema(`
  interface Part { next: Part }
  ${Array.from({ length: TYPES }, (_, index) => `type Part${index} implements Part { next: Part first: Int second: Int }`).join(' ')}
  type Query { part: Part }
`)

const inputs = new Map([
  ['Part3.first', [{ path: 'size', arguments: '(in: CM)' }]],
  ['Part3.second', [{ path: 'size', arguments: '(in: INCH)' }]],
])

const find = (query: string): Conflict | undefined => {
  const document = parse(query)
  const [node] = document.definitions
  if (node?.kind !== Kind.OPERATION_DEFINITION) throw new Error('the test asks no operation')
  return findConflict(readOperation(schema, document, node), inputs)
}

const nested = (innermost: string): string => `{ part ${'{ next '.repeat(LEVELS)} ${innermost} ${'}'.repeat(LEVELS)} }`

it('finds a conflict below interfaces, where the number of ways to it is beyond all counting', () => {
  expect(find(nested('{ ... on Part3 { first second } }'))).toEqual({ first: 'Part3.first', second: 'Part3.second' })
  expect(find(nested('{ ... on Part3 { first } ... on Part4 { second } }'))).toBeUndefined()
})
