import { describeFederation } from '../fixtures/federate.ts'

const lamp = { __typename: 'Item', id: 'lamp' }
const chair = { __typename: 'Item', id: 'chair' }

describeFederation('what is asked more than once in one operation', {
  subgraphs: {
    shop: {
      typeDefs: `
        type Query { shelf: [Item!]! window: [Item!]! }
        type Mutation { move: [Item!]! }
        type Item @key(fields: "id") { id: ID! beside: Item }
      `,
      resolvers: {
        Query: {
          shelf: () => [lamp, chair, lamp],
          window: () => [chair],
        },
        Mutation: { move: () => [lamp] },
        Item: { beside: ({ id }: { id: string }) => (id === 'lamp' ? chair : lamp) },
      },
    },
    prices: {
      typeDefs: `
        type Mutation { raise: Int! }
        type Item @key(fields: "id") { id: ID! price(in: String! = "EUR"): String sold: Int }
      `,
      resolvers: {
        Mutation: { raise: () => 1 },
        Item: {
          price: ({ id }: { id: string }, args: { in: string }) => `${id} in ${args.in}`,
          sold: ({ id }: { id: string }) => {
            if (id === 'chair') throw new Error('not counted')
            return 3
          },
        },
      },
    },
  },
  cases: [
    {
      it: 'is asked of a subgraph in one request, whichever places want it',
      query: '{ shelf { price } window { price beside { price } } }',
      data: {
        shelf: [{ price: 'lamp in EUR' }, { price: 'chair in EUR' }, { price: 'lamp in EUR' }],
        window: [{ price: 'chair in EUR', beside: { price: 'lamp in EUR' } }],
      },
      asks: [['shop'], ['prices', [lamp, chair]]],
    },
    {
      it: 'is told of each place that lacks it, when it fails',
      query: '{ shelf { sold } window { sold } }',
      data: { shelf: [{ sold: 3 }, { sold: null }, { sold: 3 }], window: [{ sold: null }] },
      errors: [
        ['shelf.1.sold', 'INTERNAL_SERVER_ERROR'],
        ['window.0.sold', 'INTERNAL_SERVER_ERROR'],
      ],
      asks: [['shop'], ['prices', [lamp, chair]]],
    },
    {
      it: 'stays apart where the client asks for different things under one name',
      query: '{ shelf { price(in: "USD") } window { price } }',
      data: {
        shelf: [{ price: 'lamp in USD' }, { price: 'chair in USD' }, { price: 'lamp in USD' }],
        window: [{ price: 'chair in EUR' }],
      },
      asks: [['shop'], ['prices', [lamp, chair]], ['prices', [chair]]],
    },
    {
      it: 'is asked anew in a mutation, where it may have changed',
      query: 'mutation { move { price } raise again: move { price } }',
      data: { move: [{ price: 'lamp in EUR' }], raise: 1, again: [{ price: 'lamp in EUR' }] },
      asks: [['shop'], ['prices', [lamp]], ['prices'], ['shop'], ['prices', [lamp]]],
    },
  ],
})
