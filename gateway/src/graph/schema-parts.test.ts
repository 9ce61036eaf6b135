import { buildASTSchema, parse, printSchema } from 'graphql'
import { describe, expect, it } from 'vitest'
import { buildSchema, inParts } from './schema-parts.ts'

const SDL = `
"""What can be seen."""
directive @seen(by: [String!] = ["all"]) on FIELD_DEFINITION

interface Node { id: ID! }
type Query { node(id: ID!, size: Size = LARGE): Node found: [Found!] old: Int @deprecated(reason: "new") }
type Mutation { add(box: Box = { size: SMALL, of: { size: LARGE } }): Book }
type Book implements Node { id: ID! title: String author: Person }
type Person implements Node { id: ID! books(first: Int = 5): [Book!]! }
union Found = Book | Person
enum Size { SMALL LARGE @deprecated(reason: "too large") }
input Box { size: Size! of: Box }
scalar Url @specifiedBy(url: "https://example.com")
`

describe('a schema that is built in parts', () => {
  it.each([1, 100, 100_000])('is the schema that it was, with parts of %i characters', async (length) => {
    const parts = inParts(SDL, length)
    expect(parts.join('').replaceAll(/\s/g, '')).toBe(SDL.replaceAll(/\s/g, ''))
    expect(printSchema(await buildSchema(parts))).toBe(printSchema(buildASTSchema(parse(SDL))))
  })

  it('has the roots that are named as roots are', async () => {
    const schema = await buildSchema(inParts(SDL))
    expect([schema.getQueryType()?.name, schema.getMutationType()?.name]).toEqual(['Query', 'Mutation'])
  })

  it('has the roots that it says', async () => {
    const sdl = 'schema { query: Root } type Root { version: Int } type Mutation { version: Int }'
    const schema = await buildSchema(inParts(sdl))
    expect([schema.getQueryType()?.name, schema.getMutationType()]).toEqual(['Root', undefined])
  })
})
