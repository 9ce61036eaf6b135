import { describeFederation } from '../fixtures/federate.ts'

const ITEM = { id: 'i', tags: [{ name: 'new' }] }

describeFederation('@context and @fromContext', {
  subgraphs: {
    shops: {
      typeDefs: `
        type Query { shops: [Shop!]! stall: Stall }
        type Shop @key(fields: "id") @context(name: "seller") { id: ID! settings: Settings! name: String items: [[Item!]!]! best: Best }
        type Stall @context(name: "seller") { item: Item! settings: Settings! }
        type Settings { currency: String! }
        type Best { item: Item }
        type Item @key(fields: "id") {
          id: ID!
          price(in: String @fromContext(field: "$seller ... on Shop { settings { currency } } ... on Stall { settings { currency } }"), times: Int = 1): String!
          tags: [Tag!]!
        }
        type Tag { name: String! }
      `,
      resolvers: {
        Query: {
          shops: () => [
            { id: '1', name: 'a', settings: { currency: 'EUR' }, items: [[ITEM, { ...ITEM, id: 'j' }], [ITEM]] },
            { id: '2', name: 'b', settings: { currency: 'RON' }, items: [[ITEM]], best: { item: ITEM } },
          ],
          stall: () => ({ item: ITEM, settings: { currency: 'HUF' } }),
        },
        Item: {
          __resolveReference: ({ id }: { id: string }) => ({ ...ITEM, id }),
          price: ({ id }: { id: string }, args: { in?: string; times: number }) => `${id} ${args.times} ${args.in}`,
        },
      },
    },
    labels: {
      typeDefs: 'type Item @key(fields: "id") { id: ID! label: String }',
      resolvers: { Item: { label: ({ id }: { id: string }) => `label ${id}` } },
    },
  },
  cases: [
    {
      it: 'give one entity other values at other places, and ask for each value once',
      query: '{ shops { items { price } best { item { price } } } }',
      data: {
        shops: [
          { items: [[{ price: 'i 1 EUR' }, { price: 'j 1 EUR' }], [{ price: 'i 1 EUR' }]], best: null },
          { items: [[{ price: 'i 1 RON' }]], best: { item: { price: 'i 1 RON' } } },
        ],
      },
      asks: [
        ['shops'],
        [
          'shops',
          [
            { __typename: 'Item', id: 'i' },
            { __typename: 'Item', id: 'j' },
          ],
        ],
        ['shops', [{ __typename: 'Item', id: 'i' }]],
      ],
      unlikeReference: 'it does not know of contexts',
    },
    {
      it: 'are set by any of several types, and hidden from clients who use their names',
      query: '{ stall { settings: item { id label price(times: 2) } } }',
      data: { stall: { settings: { id: 'i', label: 'label i', price: 'i 2 HUF' } } },
      asks: [['shops'], ['labels', [{ __typename: 'Item', id: 'i' }]], ['shops', [{ __typename: 'Item', id: 'i' }]]],
      unlikeReference: 'it does not know of contexts',
    },
    {
      it: 'leave no argument in the schema',
      query: '{ __type(name: "Item") { fields { name args { name } } } }',
      data: {
        __type: {
          fields: [
            { name: 'id', args: [] },
            { name: 'label', args: [] },
            { name: 'price', args: [{ name: 'times' }] },
            { name: 'tags', args: [] },
          ],
        },
      },
      asks: [],
    },
  ],
})
