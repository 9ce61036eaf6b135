import { describeFederation } from '../fixtures/federate.ts'

describeFederation('a union of which each subgraph knows other members', {
  subgraphs: {
    search: {
      typeDefs: `
        type Query { results: [Result!]! viewer: Viewer }
        union Result = Product | Person | Page
        type Product @key(fields: "id") { id: ID! }
        type Person @key(fields: "id") { id: ID! }
        type Page { url: String! }
        type Viewer @key(fields: "id") { id: ID! }
      `,
      resolvers: {
        Query: {
          results: () => [
            { __typename: 'Product', id: '1' },
            { __typename: 'Page', url: '/' },
            { __typename: 'Person', id: '2' },
            { __typename: 'Product', id: '3' },
          ],
          viewer: () => ({ id: 'v' }),
        },
      },
    },
    shop: {
      typeDefs: `
        type Product @key(fields: "id") { id: ID! name: String! }
        type Gift { note: String! }
        union Result = Product | Gift
        type Viewer @key(fields: "id") { id: ID! wish: Result }
      `,
      resolvers: {
        Product: { name: ({ id }: { id: string }) => `product ${id}` },
        Viewer: { wish: () => ({ __typename: 'Gift', note: 'a surprise' }) },
      },
    },
    people: {
      typeDefs: 'type Person @key(fields: "id") { id: ID! name: String! }',
      resolvers: { Person: { name: ({ id }: { id: string }) => `person ${id}` } },
    },
  },
  cases: [
    {
      it: 'is asked of each subgraph for its own members only',
      query: '{ results { __typename ... on Product { name } ... on Person { label: name } ... on Page { url } } }',
      data: {
        results: [
          { __typename: 'Product', name: 'product 1' },
          { __typename: 'Page', url: '/' },
          { __typename: 'Person', label: 'person 2' },
          { __typename: 'Product', name: 'product 3' },
        ],
      },
      asks: [
        ['search'],
        [
          'shop',
          [
            { __typename: 'Product', id: '1' },
            { __typename: 'Product', id: '3' },
          ],
        ],
        ['people', [{ __typename: 'Person', id: '2' }]],
      ],
    },
    {
      it: 'may be selected for members that the subgraph at hand does not know',
      query: '{ viewer { wish { ... on Gift { note } ... on Page { url } ... on Person { name } } } }',
      data: { viewer: { wish: { note: 'a surprise' } } },
      asks: [['search'], ['shop', [{ __typename: 'Viewer', id: 'v' }]]],
    },
  ],
})

describeFederation('an interface whose implementations live in several subgraphs', {
  subgraphs: {
    accounts: {
      typeDefs: `
        type Query { node(id: ID!): Node accounts: [Account!]! }
        interface Node { id: ID! }
        interface Account { id: ID! owner: Owner! }
        type Personal implements Account & Node @key(fields: "id") { id: ID! owner: Owner! }
        type Business implements Account & Node @key(fields: "id") { id: ID! owner: Owner! vat: String! }
        type Owner @key(fields: "id") { id: ID! }
      `,
      resolvers: {
        Query: {
          node: (_root: unknown, { id }: { id: string }) => ({ ...ACCOUNTS[1], id }),
          accounts: () => ACCOUNTS,
        },
      },
    },
    balances: {
      typeDefs: `
        interface Node { id: ID! }
        interface Account { id: ID! balance: Int! }
        type Personal implements Account & Node @key(fields: "id") { id: ID! balance: Int! }
        type Business implements Account & Node @key(fields: "id") { id: ID! balance: Int! credit: Int! }
        type Owner @key(fields: "id") { id: ID! name: String! }
      `,
      resolvers: {
        Personal: { balance: () => 1 },
        Business: { balance: () => 2, credit: () => 3 },
        Owner: { name: ({ id }: { id: string }) => `owner ${id}` },
      },
    },
  },
  cases: [
    {
      it: 'gets a field of the interface that only another subgraph has, for each type by its own name',
      query: '{ accounts { balance owner { name } } }',
      data: {
        accounts: [
          { balance: 1, owner: { name: 'owner o' } },
          { balance: 2, owner: { name: 'owner o' } },
        ],
      },
      asks: [
        ['accounts'],
        [
          'balances',
          [
            { __typename: 'Personal', id: 'p' },
            { __typename: 'Business', id: 'b' },
          ],
        ],
        ['balances', [{ __typename: 'Owner', id: 'o' }]],
      ],
    },
    {
      it: 'is narrowed by fragments inside of fragments',
      query: `{ node(id: "n") { ... on Account { id ... on Business { vat credit ... on Node { __typename } } ... on Personal { balance } } } }`,
      data: { node: { id: 'n', vat: 'RO1', credit: 3, __typename: 'Business' } },
      asks: [['accounts'], ['balances', [{ __typename: 'Business', id: 'n' }]]],
    },
    {
      it: 'is empty where no fragment applies',
      query: '{ node(id: "n") { ... on Personal { balance } } }',
      data: { node: {} },
      asks: [['accounts']],
    },
  ],
})

const ACCOUNTS = [
  { __typename: 'Personal', id: 'p', owner: { id: 'o' } },
  { __typename: 'Business', id: 'b', owner: { id: 'o' }, vat: 'RO1' },
]
