import type { FetcherOpts, FetcherParams } from '@graphiql/toolkit'
import { parse, print } from 'graphql'
import { describe, expect, it } from 'vitest'
import { ownOperation } from './own-operation.ts'

const sent = (params: FetcherParams, options?: FetcherOpts): { name: unknown; document: string | undefined } => {
  let name: unknown
  let document: string | undefined
  const fetcher = ownOperation((given, { documentAST } = {}) => {
    name = given.operationName
    document = documentAST && print(documentAST)
    return {}
  })
  void fetcher(params, options)
  return { name, document }
}

const TWO = 'query A { a } query B { b }'

describe('the operation that is sent', () => {
  it.each([
    ['the one that was chosen', TWO, 'B', 'B'],
    ['the first, where none was chosen', TWO, undefined, 'A'],
    ['that of the text, where the name is of the text before', 'subscription C { c }', 'B', 'C'],
    ['that of the text, which has no name', '{ d }', 'B', null],
  ])('is %s', (_which, query, operationName, expected) => {
    const { name, document } = sent(
      { query, ...(operationName !== undefined && { operationName }) },
      { headers: {}, documentAST: parse('query B { b }') },
    )
    expect(name).toBe(expected)
    expect(document).toBe(print(parse(query)))
  })

  it('is left to the server where the text has a mistake', () => {
    expect(sent({ query: '{ a', operationName: 'B' })).toEqual({ name: 'B', document: undefined })
  })
})
