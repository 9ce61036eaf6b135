import { describeFederation } from '../fixtures/federate.ts'

describeFederation('@override', {
  subgraphs: {
    legacy: {
      typeDefs: `
        type Query { bill: Bill total: Int }
        type Bill @key(fields: "id") { id: ID! amount: Int payer: String }
      `,
      resolvers: { Query: { bill: () => ({ id: 'b', amount: 1, payer: 'old' }), total: () => 1 } },
    },
    billing: {
      typeDefs: `
        type Query { total: Int @override(from: "legacy") }
        type Bill @key(fields: "id") {
          id: ID! amount: Int @override(from: "legacy") payer: String @external
          receipt: String @requires(fields: "payer")
        }
      `,
      resolvers: {
        Query: { total: () => 2 },
        Bill: { amount: () => 2, receipt: ({ payer }: { payer: string }) => `from ${payer}` },
      },
    },
    gone: {
      typeDefs: 'type Bill @key(fields: "id") { id: ID! paid: Boolean @override(from: "a subgraph that is no more") }',
      resolvers: { Bill: { paid: () => true } },
    },
  },
  cases: [
    {
      it: 'takes fields, and fields of the root, from the subgraph that took them over',
      query: '{ bill { amount } total }',
      data: { bill: { amount: 2 }, total: 2 },
      asks: [['legacy'], ['billing', [{ __typename: 'Bill', id: 'b' }]], ['billing']],
    },
    {
      it: 'leaves the inputs of the new owner with the old one',
      query: '{ bill { amount receipt } }',
      data: { bill: { amount: 2, receipt: 'from old' } },
      asks: [['legacy'], ['billing', [{ __typename: 'Bill', id: 'b', payer: 'old' }]]],
    },
    {
      it: 'may outlive the subgraph that it took over from',
      query: '{ bill { paid } }',
      data: { bill: { paid: true } },
      asks: [['legacy'], ['gone', [{ __typename: 'Bill', id: 'b' }]]],
    },
  ],
})

describeFederation('@override by a label', {
  overrideLabels: ['switched-on'],
  subgraphs: {
    old: {
      typeDefs: `
        type Query { page: Page hits: Int }
        type Page @key(fields: "id") { id: ID! head: String body: String foot: String side: String }
      `,
      resolvers: {
        Query: { page: () => ({ id: 'p', head: 'old', body: 'old', foot: 'old', side: 'old' }), hits: () => 1 },
        Page: { __resolveReference: () => ({ id: 'p', head: 'old', body: 'old', foot: 'old', side: 'old' }) },
      },
    },
    fresh: {
      typeDefs: `
        type Query { hits: Int @override(from: "old", label: "percent(100)") }
        type Page @key(fields: "id") {
          id: ID!
          head: String @override(from: "old", label: "percent(100)")
          body: String @override(from: "old", label: "percent(0)")
          foot: String @override(from: "old", label: "switched-on")
          side: String @override(from: "old", label: "not-yet")
        }
      `,
      resolvers: {
        Query: { hits: () => 2 },
        Page: { head: () => 'new', body: () => 'new', foot: () => 'new', side: () => 'new' },
      },
    },
  },
  cases: [
    {
      it: 'takes from the new subgraph what all callers should, and what was switched on',
      query: '{ page { head foot } hits }',
      data: { page: { head: 'new', foot: 'new' }, hits: 2 },
      asks: [['old'], ['fresh'], ['fresh', [{ __typename: 'Page', id: 'p' }]]],
    },
    {
      it: 'leaves all else with the old one',
      query: '{ page { body side } }',
      data: { page: { body: 'old', side: 'old' } },
      asks: [['old']],
    },
  ],
})
