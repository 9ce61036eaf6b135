import { describeFederation } from '../fixtures/federate.ts'

describeFederation('@inaccessible', {
  subgraphs: {
    staff: {
      typeDefs: `
        type Query { staff: [Member!]! rooms: [Room] }
        type Member @key(fields: "badge") { badge: ID! @inaccessible name: String! grade: Grade unit: Unit salary: Int @inaccessible }
        enum Grade { JUNIOR SENIOR SECRET @inaccessible }
        union Unit = Team | Vault
        type Team { title: String }
        type Vault @inaccessible { code: String }
        interface Room { number: Int }
        type Office implements Room { number: Int }
        type Bunker implements Room @inaccessible { number: Int }
      `,
      resolvers: {
        Query: {
          staff: () => [
            { badge: '1', name: 'Ada', grade: 'SENIOR', unit: { __typename: 'Team', title: 'core' }, salary: 10 },
            { badge: '2', name: 'Bob', grade: 'SECRET', unit: { __typename: 'Vault', code: '!' }, salary: 20 },
          ],
          rooms: () => [
            { __typename: 'Office', number: 1 },
            { __typename: 'Bunker', number: 2 },
          ],
        },
      },
    },
    payroll: {
      typeDefs: `type Member @key(fields: "badge") {
        badge: ID! @inaccessible salary: Int @external band: String @requires(fields: "salary")
      }`,
      resolvers: { Member: { band: ({ salary }: { salary: number }) => `band ${salary}` } },
    },
  },
  cases: [
    {
      it: 'hides keys and inputs that the gateway itself uses',
      query: '{ staff { name band } }',
      data: {
        staff: [
          { name: 'Ada', band: 'band 10' },
          { name: 'Bob', band: 'band 20' },
        ],
      },
      asks: [
        ['staff'],
        [
          'payroll',
          [
            { __typename: 'Member', salary: 10, badge: '1' },
            { __typename: 'Member', salary: 20, badge: '2' },
          ],
        ],
      ],
    },
    {
      it: 'hides values and objects that a subgraph answers all the same, and names no hidden type',
      query: '{ staff { grade unit { __typename } } rooms { number } }',
      data: {
        staff: [
          { grade: 'SENIOR', unit: { __typename: 'Team' } },
          { grade: null, unit: null },
        ],
        rooms: [{ number: 1 }, null],
      },
      errors: [
        ['staff.1.grade', 'INTERNAL_SERVER_ERROR'],
        ['staff.1.unit', 'INTERNAL_SERVER_ERROR'],
        ['rooms.1', 'INTERNAL_SERVER_ERROR'],
      ],
      asks: [['staff']],
    },
    {
      it: 'leaves the schema without what is hidden',
      query: `{
        member: __type(name: "Member") { fields { name } }
        vault: __type(name: "Vault") { name }
        grade: __type(name: "Grade") { enumValues { name } }
        unit: __type(name: "Unit") { possibleTypes { name } }
      }`,
      data: {
        member: { fields: [{ name: 'band' }, { name: 'name' }, { name: 'grade' }, { name: 'unit' }] },
        vault: null,
        grade: { enumValues: [{ name: 'JUNIOR' }, { name: 'SENIOR' }] },
        unit: { possibleTypes: [{ name: 'Team' }] },
      },
      asks: [],
    },
  ],
})

describeFederation('types that are extended as in the first Federation', {
  subgraphs: {
    products: {
      typeDefs: `
        type Query { product: Product }
        type Product @key(fields: "upc") { upc: String! name: String price: Int }
      `,
      resolvers: {
        Query: { product: () => CHAIR },
        Product: { __resolveReference: () => CHAIR },
      },
    },
    stock: {
      typeDefs: `
        extend type Query { inStock: [Product] }
        extend type Product @key(fields: "upc") {
          upc: String! @external
          price: Int @external
          available: Boolean
          shipping: Int @requires(fields: "price")
        }
      `,
      resolvers: {
        Query: { inStock: () => [{ upc: 'u' }] },
        Product: { available: () => true, shipping: ({ price }: { price: number }) => price / 10 },
      },
    },
  },
  cases: [
    {
      it: 'are resolved by the subgraph that extends them',
      query: '{ product { available shipping } }',
      data: { product: { available: true, shipping: 3 } },
      asks: [['products'], ['stock', [{ __typename: 'Product', price: 30, upc: 'u' }]]],
    },
    {
      it: 'bring their key from there as well',
      query: '{ inStock { upc name } }',
      data: { inStock: [{ upc: 'u', name: 'chair' }] },
      asks: [['stock'], ['products', [{ __typename: 'Product', upc: 'u' }]]],
    },
  ],
})

const CHAIR = { upc: 'u', name: 'chair', price: 30 }
