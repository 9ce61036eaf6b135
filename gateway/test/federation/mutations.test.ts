import { describeFederation } from '../fixtures/federate.ts'

/** Each test adds to what the one before it left; a note shows how long the history was when it was written. */
const history: string[] = []
const note = (text: string): string => {
  history.push(text)
  return history.slice(-3).join(' ')
}

describeFederation('mutations', {
  subgraphs: {
    orders: {
      typeDefs: `
        type Query { orders: Int }
        type Mutation { order(item: String!): Order! cancel(fail: Boolean): String }
        type Order @key(fields: "id") { id: ID! notes: String }
      `,
      resolvers: {
        Query: { orders: () => history.length },
        Mutation: {
          order: (_root: unknown, { item }: { item: string }) => ({ id: item, notes: note(`order-${item}`) }),
          cancel: (_root: unknown, { fail }: { fail?: boolean }) => {
            if (fail) throw new Error('cannot be cancelled')
            return note('cancel')
          },
        },
      },
    },
    payments: {
      typeDefs: `
        type Mutation { pay: String! }
        type Order @key(fields: "id") { id: ID! paid: String }
      `,
      resolvers: {
        Mutation: { pay: () => note('pay') },
        Order: { paid: ({ id }: { id: string }) => note(`paid-${id}`) },
      },
    },
  },
  cases: [
    {
      it: 'run one after the other across subgraphs, those that follow each other in one subgraph together',
      query: 'mutation { a: order(item: "1") { notes } b: cancel c: pay d: cancel }',
      data: { a: { notes: 'order-1' }, b: 'order-1 cancel', c: 'order-1 cancel pay', d: 'cancel pay cancel' },
      asks: [['orders'], ['payments'], ['orders']],
      unlikeReference: 'it would run them again',
    },
    {
      it: 'have what is read of their answers read before the next one runs',
      query: 'mutation { order(item: "2") { paid } pay }',
      data: { order: { paid: 'cancel order-2 paid-2' }, pay: 'order-2 paid-2 pay' },
      asks: [['orders'], ['payments', [{ __typename: 'Order', id: '2' }]], ['payments']],
      unlikeReference: 'it would run them again',
    },
    {
      it: 'go on after one that failed where its field may be null',
      query: 'mutation { cancel(fail: true) pay }',
      data: { cancel: null, pay: 'paid-2 pay pay' },
      errors: [['cancel', 'INTERNAL_SERVER_ERROR']],
      asks: [['orders'], ['payments']],
      unlikeReference: 'it would run them again',
    },
  ],
})
