import { describeFederation } from '../fixtures/federate.ts'

type Priced = { readonly id: string; readonly price: number; readonly weight?: number }

describeFederation('@requires', {
  subgraphs: {
    goods: {
      typeDefs: `
        type Query { goods: [Good!]! }
        type Good @key(fields: "id") { id: ID! weight: Int size: Size }
        type Size { height: Int width: Int }
      `,
      resolvers: {
        Query: {
          goods: () => [
            { id: 'a', weight: 2, size: { height: 3, width: 4 } },
            { id: 'b', weight: null, size: null },
          ],
        },
      },
    },
    prices: {
      typeDefs: 'type Good @key(fields: "id") { id: ID! price: Int }',
      resolvers: { Good: { price: ({ id }: { id: string }) => (id === 'a' ? 10 : 20) } },
    },
    delivery: {
      typeDefs: `
        type Good @key(fields: "id") {
          id: ID! weight: Int @external size: Size @external price: Int @external
          fee: String @requires(fields: "price weight size { height }")
          insured: String @requires(fields: "fee2")
          fee2: Int @external
          slogan: String
        }
        type Size { height: Int @external }
      `,
      resolvers: {
        Good: {
          fee: ({ price, weight, size }: Priced & { size: { height: number } | null }) =>
            `${price} ${weight} ${size?.height}`,
          insured: ({ fee2 }: { fee2: number }) => `insured at ${fee2}`,
          slogan: () => 'fast',
        },
      },
    },
    taxes: {
      typeDefs: `type Good @key(fields: "id") {
        id: ID! price: Int @external fee2: Int @requires(fields: "price")
      }`,
      resolvers: { Good: { fee2: ({ price }: Priced) => price * 2 } },
    },
  },
  cases: [
    {
      it: 'brings inputs from several subgraphs, and nulls among them',
      query: '{ goods { fee } }',
      data: { goods: [{ fee: '10 2 3' }, { fee: '20 null undefined' }] },
      asks: [
        ['goods'],
        [
          'prices',
          [
            { __typename: 'Good', id: 'a' },
            { __typename: 'Good', id: 'b' },
          ],
        ],
        [
          'delivery',
          [
            { __typename: 'Good', price: 10, weight: 2, size: { height: 3 }, id: 'a' },
            { __typename: 'Good', price: 20, weight: null, size: null, id: 'b' },
          ],
        ],
      ],
    },
    {
      it: 'goes on from what itself was required',
      query: '{ goods { insured } }',
      data: { goods: [{ insured: 'insured at 20' }, { insured: 'insured at 40' }] },
      asks: [
        ['goods'],
        [
          'prices',
          [
            { __typename: 'Good', id: 'a' },
            { __typename: 'Good', id: 'b' },
          ],
        ],
        [
          'taxes',
          [
            { __typename: 'Good', price: 10, id: 'a' },
            { __typename: 'Good', price: 20, id: 'b' },
          ],
        ],
        [
          'delivery',
          [
            { __typename: 'Good', fee2: 20, id: 'a' },
            { __typename: 'Good', fee2: 40, id: 'b' },
          ],
        ],
      ],
    },
    {
      it: 'does not keep the neighbours of a field that is left out, with its input, from being answered',
      query: 'query ($fee: Boolean!) { goods { id fee @include(if: $fee) weight @include(if: $fee) slogan } }',
      variables: { fee: false },
      data: {
        goods: [
          { id: 'a', slogan: 'fast' },
          { id: 'b', slogan: 'fast' },
        ],
      },
      asks: [
        ['goods'],
        [
          'delivery',
          [
            { __typename: 'Good', id: 'a' },
            { __typename: 'Good', id: 'b' },
          ],
        ],
      ],
      unlikeReference: 'it fails where the input is missing',
    },
    {
      it: 'leaves the client his own selection of an input',
      query: '{ goods { weight: id size { width } fee } }',
      data: {
        goods: [
          { weight: 'a', size: { width: 4 }, fee: '10 2 3' },
          { weight: 'b', size: null, fee: '20 null undefined' },
        ],
      },
      asks: [
        ['goods'],
        [
          'prices',
          [
            { __typename: 'Good', id: 'a' },
            { __typename: 'Good', id: 'b' },
          ],
        ],
        [
          'delivery',
          [
            { __typename: 'Good', price: 10, weight: 2, size: { height: 3 }, id: 'a' },
            { __typename: 'Good', price: 20, weight: null, size: null, id: 'b' },
          ],
        ],
      ],
      unlikeReference: 'it takes the id, under the name of the weight, for the weight',
    },
  ],
})

type Post = { readonly comments: readonly string[] }

describeFederation('@requires with arguments', {
  subgraphs: {
    posts: {
      typeDefs: `
        type Query { posts: [Post!]! }
        type Post @key(fields: "id") { id: ID! comments(limit: Int! = 1): [String!]! }
      `,
      resolvers: {
        Query: { posts: () => [{ id: '1' }] },
        Post: { comments: (_post: unknown, { limit }: { limit: number }) => ['x', 'y', 'z'].slice(0, limit) },
      },
    },
    digests: {
      typeDefs: `type Post @key(fields: "id") {
        id: ID! comments(limit: Int! = 1): [String!]! @external
        summary: String! @requires(fields: "comments(limit: 3)")
        brief: String! @requires(fields: "comments(limit: 2)")
      }`,
      resolvers: {
        Post: {
          summary: ({ comments }: Post) => comments.join(' '),
          brief: ({ comments }: Post) => comments.join('-'),
        },
      },
    },
  },
  cases: [
    {
      it: 'fetches the input with its arguments',
      query: '{ posts { summary } }',
      data: { posts: [{ summary: 'x y z' }] },
      asks: [['posts'], ['digests', [{ __typename: 'Post', comments: ['x', 'y', 'z'], id: '1' }]]],
    },
    {
      it: 'keeps the input apart from what the client asks with other arguments',
      query: '{ posts { comments(limit: 1) summary } }',
      data: { posts: [{ comments: ['x'], summary: 'x y z' }] },
      asks: [['posts'], ['digests', [{ __typename: 'Post', comments: ['x', 'y', 'z'], id: '1' }]]],
      unlikeReference: 'it answers the client with the input',
    },
  ],
})

describeFederation('@requires through interfaces and fragments', {
  subgraphs: {
    garage: {
      typeDefs: `
        type Query { owners: [Owner!]! }
        type Owner @key(fields: "id") { id: ID! vehicle: Vehicle }
        interface Vehicle { wheels: Int }
        type Car implements Vehicle { wheels: Int doors: Int }
        type Cycle implements Vehicle { wheels: Int bell: Boolean }
      `,
      resolvers: {
        Query: {
          owners: () => [
            { id: '1', vehicle: { __typename: 'Car', wheels: 4, doors: 5 } },
            { id: '2', vehicle: { __typename: 'Cycle', wheels: 2, bell: true } },
          ],
        },
      },
    },
    taxes: {
      typeDefs: `
        type Owner @key(fields: "id") {
          id: ID! vehicle: Vehicle @external
          tax: String @requires(fields: "vehicle { wheels ... on Car { doors } ... on Cycle { bell } }")
        }
        interface Vehicle { wheels: Int }
        type Car implements Vehicle @external { wheels: Int doors: Int }
        type Cycle implements Vehicle @external { wheels: Int bell: Boolean }
      `,
      resolvers: { Owner: { tax: ({ vehicle }: { vehicle: unknown }) => JSON.stringify(vehicle) } },
    },
  },
  cases: [
    {
      it: 'sends of each type what was asked of it',
      query: '{ owners { tax } }',
      data: {
        owners: [{ tax: '{"wheels":4,"doors":5}' }, { tax: '{"wheels":2,"bell":true}' }],
      },
      asks: [
        ['garage'],
        [
          'taxes',
          [
            { __typename: 'Owner', vehicle: { wheels: 4, doors: 5 }, id: '1' },
            { __typename: 'Owner', vehicle: { wheels: 2, bell: true }, id: '2' },
          ],
        ],
      ],
    },
  ],
})

type Applicant = { readonly years: number; readonly level: string; readonly salary: number }

describeFederation('two subgraphs that require of each other', {
  subgraphs: {
    people: {
      typeDefs: `
        type Query { applicant: Applicant }
        type Applicant @key(fields: "id") { id: ID! years: Int level: String @external title: String @requires(fields: "level") }
      `,
      resolvers: {
        Query: { applicant: () => ({ id: 'a', years: 7 }) },
        Applicant: { years: () => 7, title: ({ level }: Applicant) => `${level} engineer` },
      },
    },
    levels: {
      typeDefs: `type Applicant @key(fields: "id") {
        id: ID! years: Int @external level: String @requires(fields: "years")
      }`,
      resolvers: { Applicant: { level: ({ years }: Applicant) => (years > 5 ? 'senior' : 'junior') } },
    },
  },
  cases: [
    {
      it: 'are asked in turn',
      query: '{ applicant { title } }',
      data: { applicant: { title: 'senior engineer' } },
      asks: [
        ['people'],
        ['levels', [{ __typename: 'Applicant', years: 7, id: 'a' }]],
        ['people', [{ __typename: 'Applicant', level: 'senior', id: 'a' }]],
      ],
    },
  ],
})
