import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GraphQLError } from 'graphql'
import { expect, test } from 'vitest'
import { repositoryRoot } from './config.ts'
import {
  ERRORS,
  badInput,
  codedError,
  errorStatus,
  forbidden,
  isErrorCode,
  notFound,
  unauthenticated,
} from './errors.ts'

test('the document for clients and the table are the same', async () => {
  const document = await readFile(join(repositoryRoot, 'infra/runtime/ERRORS.md'), 'utf8')
  const documented = document.split('\n').filter((line) => line.startsWith('| `'))
  const table = Object.entries(ERRORS).map(
    ([code, { status, meaning, advice }]) => `| \`${code}\` | ${status} | ${meaning} | ${advice} |`,
  )
  expect(documented).toEqual(table)
})

test('a coded error carries its code and extensions to the client, and keeps its cause to itself', () => {
  const cause = new Error('duplicate key value violates unique constraint')
  const error = codedError('ALREADY_EXISTS', 'This handle is taken.', { field: 'handle', cause })
  expect(error).toBeInstanceOf(GraphQLError)
  expect(error.toJSON()).toEqual({
    message: 'This handle is taken.',
    extensions: { code: 'ALREADY_EXISTS', field: 'handle' },
  })
  expect(error.cause).toBe(cause)
})

test('the short forms name what they are about', () => {
  expect(notFound('Account', 'a1').toJSON()).toEqual({
    message: 'Account "a1" was not found.',
    extensions: { code: 'NOT_FOUND', typeName: 'Account', id: 'a1' },
  })
  expect(badInput('The amount must be positive.', { field: 'amount' }).extensions).toEqual({
    code: 'BAD_USER_INPUT',
    field: 'amount',
  })
  expect(forbidden('Only the owner may do this.').extensions).toEqual({ code: 'FORBIDDEN' })
  expect(unauthenticated().extensions).toEqual({ code: 'UNAUTHENTICATED' })
})

test('a code has a status, and an unknown one counts as our fault', () => {
  expect(errorStatus('RATE_LIMITED')).toBe(429)
  expect(errorStatus('toString')).toBe(500)
  expect(isErrorCode('constructor')).toBe(false)
})
