import { buildSchema } from 'graphql'
import { describe, expect, it } from 'vitest'
import { composeDefinitions } from '../../test/fixtures/federation.ts'
import { printContract } from './contract.ts'

const shop = `
  type Query {
    products(filter: Filter, first: Int = 10): [Product!] @tag(name: "public")
    found: Result @tag(name: "public")
    orders: [Order!]
    media: Media @tag(name: "public")
    secretLead: Lead @tag(name: "public")
  }
  type Mutation { buy(product: ID!): Order }
  type Product @key(fields: "id") @tag(name: "public") { id: ID! name: String! size: Size orders: [Order!] seller: User! }
  type Order { id: ID! product: Product }
  type User @key(fields: "id") { id: ID! @tag(name: "public") email: String }
  type Lead { order: Order @tag(name: "public") }
  union Result @tag(name: "public") = Product | Order
  interface Media { url: String @tag(name: "public") secret: String }
  type Picture implements Media { url: String @tag(name: "public") secret: String width: Int @tag(name: "public") }
  type Film implements Media { url: String secret: String minutes: Int @tag(name: "public") }
  enum Size { SMALL LARGE }
  input Filter { size: Size price: Range }
  input Range { least: Int }
  scalar Unused
`
const people =
  'type User @key(fields: "id") { id: ID! @tag(name: "public") name: String @tag(name: "public") phone: String @tag(name: "internal") }'

describe('the contract with third parties', () => {
  const text = printContract(composeDefinitions({ shop, people }))
  const fieldsOf = (name: string): string[] => {
    const type = buildSchema(text).getType(name)
    return type && 'getFields' in type ? Object.keys(type.getFields()).toSorted() : []
  }

  it('has what is tagged, and what that needs', () => {
    expect(fieldsOf('Query')).toEqual(['found', 'media', 'products'])
    expect(fieldsOf('Product')).toEqual(['id', 'name', 'seller', 'size'])
    expect(fieldsOf('Filter')).toEqual(['price', 'size'])
    expect(fieldsOf('Range')).toEqual(['least'])
  })

  it('opens nothing that is not tagged, also where something tagged leads there', () => {
    expect(fieldsOf('User')).toEqual(['id', 'name'])
    expect(text).not.toMatch(/Order|Lead|email|phone|secret|Unused|Mutation/)
    expect(text).toContain('union Result = Product')
  })

  it('keeps an interface for the types that still have all of it', () => {
    expect(text).toMatch(/type Picture implements Media/)
    expect(text).toMatch(/type Film \{/)
  })

  it('is not there where nothing can be asked for', () => {
    const closed = composeDefinitions({
      shop: 'type Query { orders: Int } type Product @tag(name: "public") { id: ID }',
    })
    expect(() => printContract(closed)).toThrow('No query of the graph is tagged "public".')
  })
})
