import { describeFederation } from '../fixtures/federate.ts'

describeFederation('@shareable', {
  subgraphs: {
    east: {
      typeDefs: `
        type Query { clock: Clock @shareable place: Place @shareable east: Int }
        type Clock @shareable { zone: String offset: Int }
        type Place { name: String @shareable sea: String }
      `,
      resolvers: {
        Query: {
          clock: () => ({ zone: 'E', offset: 2 }),
          place: () => ({ name: 'port', sea: 'Black Sea' }),
          east: () => 1,
        },
      },
    },
    west: {
      typeDefs: `
        type Query { clock: Clock @shareable place: Place @shareable west: Int }
        type Clock @shareable { zone: String offset: Int }
        type Place { name: String @shareable river: String }
      `,
      resolvers: {
        Query: {
          clock: () => ({ zone: 'W', offset: 1 }),
          place: () => ({ name: 'port', river: 'Danube' }),
          west: () => 2,
        },
      },
    },
  },
  cases: [
    {
      it: 'takes what several can answer from one that is asked anyway',
      query: '{ west clock { zone } }',
      data: { west: 2, clock: { zone: 'W' } },
      asks: [['west']],
    },
    {
      it: 'asks a shared root of both where each knows a part, and merges the parts',
      query: '{ place { name sea river } }',
      data: { place: { name: 'port', sea: 'Black Sea', river: 'Danube' } },
      asks: [['east'], ['west']],
    },
  ],
})

describeFederation('a shared field behind two keys', {
  subgraphs: {
    stock: {
      typeDefs: `
        type Query { item: Item }
        type Item @key(fields: "id") { id: ID! maker: Maker }
        type Maker @key(fields: "id") { id: ID! }
      `,
      resolvers: { Query: { item: () => ({ id: 'i', maker: { id: 'm' } }) } },
    },
    makers: {
      typeDefs: `
        type Item @key(fields: "id") { id: ID! origin: String @shareable story: String }
        type Maker @key(fields: "id") { id: ID! name: String @shareable }
      `,
      resolvers: { Item: { origin: () => 'Cluj', story: () => 'long' }, Maker: { name: () => 'Ana' } },
    },
    origins: {
      typeDefs: `
        type Item @key(fields: "id") { id: ID! origin: String @shareable }
        type Maker @key(fields: "id") { id: ID! name: String @shareable }
      `,
      resolvers: { Item: { origin: () => 'Cluj' }, Maker: { name: () => 'Ana' } },
    },
  },
  cases: [
    {
      it: 'is asked with its neighbours, and independent entities at the same time',
      query: '{ item { origin story maker { name } } }',
      data: { item: { origin: 'Cluj', story: 'long', maker: { name: 'Ana' } } },
      asks: [['stock'], ['makers', [{ __typename: 'Item', id: 'i' }]], ['makers', [{ __typename: 'Maker', id: 'm' }]]],
    },
  ],
})
