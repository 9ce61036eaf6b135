import { Kind, parse, print, stripIgnoredCharacters } from 'graphql'
import { describe, expect, it } from 'vitest'
import { specialise } from './specialise.ts'

const specialised = (query: string, conditions: Readonly<Record<string, boolean>>): string => {
  const document = parse(query)
  const [node] = document.definitions
  if (node?.kind !== Kind.OPERATION_DEFINITION) throw new Error('the test has no operation')
  return stripIgnoredCharacters(print(specialise(document, node, conditions).document))
}

describe('an operation for certain values of its conditions', () => {
  it('has what they leave in, without asking again', () => {
    const query = 'query ($a: Boolean!) { x @include(if: $a) y @skip(if: $a) ... @include(if: true) @live { z } }'
    expect(specialised(query, { a: true })).toBe('query($a:Boolean!){x ...@live{z}}')
    expect(specialised(query, { a: false })).toBe('query($a:Boolean!){y ...@live{z}}')
  })

  it('asks for the type alone where nothing is left', () => {
    const query = 'query ($a: Boolean!) { x { y @include(if: $a) } ...F } fragment F on Query { z @include(if: $a) }'
    expect(specialised(query, { a: false })).toBe(
      'query($a:Boolean!){x{__typename}...F}fragment F on Query{__typename}',
    )
  })

  it('is the document itself where there are none', () => {
    const document = parse('{ x { y } }')
    const [node] = document.definitions
    if (node?.kind !== Kind.OPERATION_DEFINITION) throw new Error('the test has no operation')
    expect(specialise(document, node, {}).document).toBe(document)
  })
})
