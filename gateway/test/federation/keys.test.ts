import { describeFederation } from '../fixtures/federate.ts'

describeFederation('an entity with a compound key', {
  subgraphs: {
    shops: {
      typeDefs: `
        type Query { articles: [Article!]! }
        type Article @key(fields: "country code") { country: String! code: Int! label: String! }
      `,
      resolvers: {
        Query: {
          articles: () => [
            { country: 'RO', code: 1, label: 'cup' },
            { country: 'FR', code: 1, label: 'tasse' },
            { country: 'RO', code: 1, label: 'cup' },
          ],
        },
      },
    },
    prices: {
      typeDefs: 'type Article @key(fields: "country code") { country: String! code: Int! price: Int }',
      resolvers: {
        Article: { price: ({ country, code }: Keyed) => (country === 'RO' ? 10 : 20) + code },
      },
    },
  },
  cases: [
    {
      it: 'is named by all fields of the key, and each entity once',
      query: '{ articles { label price } }',
      data: {
        articles: [
          { label: 'cup', price: 11 },
          { label: 'tasse', price: 21 },
          { label: 'cup', price: 11 },
        ],
      },
      asks: [
        ['shops'],
        [
          'prices',
          [
            { __typename: 'Article', country: 'RO', code: 1 },
            { __typename: 'Article', country: 'FR', code: 1 },
          ],
        ],
      ],
    },
    {
      it: 'is not asked for at all where the first subgraph knows everything',
      query: '{ articles { code label } }',
      data: {
        articles: [
          { code: 1, label: 'cup' },
          { code: 1, label: 'tasse' },
          { code: 1, label: 'cup' },
        ],
      },
      asks: [['shops']],
    },
  ],
})

type Keyed = { readonly country: string; readonly code: number }

describeFederation('a key inside of another object', {
  subgraphs: {
    orders: {
      typeDefs: `
        type Query { order: Order }
        type Order @key(fields: "number buyer { id address { zip } }") { number: Int! buyer: Buyer! }
        type Buyer { id: ID! address: Address! @shareable }
        type Address @shareable { zip: String! }
      `,
      resolvers: { Query: { order: () => ({ number: 7, buyer: { id: 'b', address: { zip: '010' } } }) } },
    },
    parcels: {
      typeDefs: `
        type Order @key(fields: "number buyer { id address { zip } }") { number: Int! buyer: Buyer! parcel: String! }
        type Buyer { id: ID! @shareable address: Address! @shareable }
        type Address @shareable { zip: String! }
      `,
      resolvers: {
        Order: {
          parcel: ({ buyer }: { buyer: { id: string; address: { zip: string } } }) => `to ${buyer.address.zip}`,
        },
      },
    },
  },
  cases: [
    {
      it: 'travels whole, and none of it reaches a client who did not ask for it',
      query: '{ order { parcel } }',
      data: { order: { parcel: 'to 010' } },
      asks: [
        ['orders'],
        ['parcels', [{ __typename: 'Order', number: 7, buyer: { id: 'b', address: { zip: '010' } } }]],
      ],
    },
  ],
})

describeFederation('several keys of one entity', {
  subgraphs: {
    accounts: {
      typeDefs: `
        type Query { accounts: [Account] }
        type Account @key(fields: "id") { id: ID! }
      `,
      resolvers: { Query: { accounts: () => [{ id: '1' }, { id: '2' }] } },
    },
    addresses: {
      typeDefs: 'type Account @key(fields: "id") @key(fields: "email") { id: ID! email: String! }',
      resolvers: { Account: { __resolveReference: ({ id }: { id: string }) => ({ id, email: `${id}@a` }) } },
    },
    letters: {
      typeDefs: 'type Account @key(fields: "email") { email: String! letters: Int! }',
      resolvers: { Account: { letters: ({ email }: { email: string }) => email.length } },
    },
  },
  cases: [
    {
      it: 'lead from the one that is known to the one that is needed',
      query: '{ accounts { letters } }',
      data: { accounts: [{ letters: 3 }, { letters: 3 }] },
      asks: [
        ['accounts'],
        [
          'addresses',
          [
            { __typename: 'Account', id: '1' },
            { __typename: 'Account', id: '2' },
          ],
        ],
        [
          'letters',
          [
            { __typename: 'Account', email: '1@a' },
            { __typename: 'Account', email: '2@a' },
          ],
        ],
      ],
    },
  ],
})

describeFederation('a key that is not there', {
  subgraphs: {
    books: {
      typeDefs: `
        type Query { books: [Book] }
        type Book @key(fields: "isbn") { title: String isbn: String }
      `,
      resolvers: {
        Query: {
          books: () => [
            { title: 'known', isbn: '1' },
            { title: 'unprinted', isbn: null },
            null,
            { title: 'lost', isbn: '9' },
          ],
        },
      },
    },
    ratings: {
      typeDefs: 'type Book @key(fields: "isbn") { isbn: String stars: Int }',
      resolvers: {
        Book: {
          __resolveReference: ({ isbn }: { isbn: string | null }) => (isbn === '1' ? { isbn } : null),
          stars: () => 5,
        },
      },
    },
  },
  cases: [
    {
      it: 'is sent as null: whether null names an entity is for its subgraph to say, and an unknown entity is null',
      query: '{ books { title stars } }',
      data: {
        books: [
          { title: 'known', stars: 5 },
          { title: 'unprinted', stars: null },
          null,
          { title: 'lost', stars: null },
        ],
      },
      asks: [
        ['books'],
        [
          'ratings',
          [
            { __typename: 'Book', isbn: '1' },
            { __typename: 'Book', isbn: null },
            { __typename: 'Book', isbn: '9' },
          ],
        ],
      ],
    },
  ],
})

describeFederation('an entity that only points elsewhere', {
  subgraphs: {
    comments: {
      typeDefs: `
        type Query { comment: Comment }
        type Comment { text: String! by: Person }
        type Person @key(fields: "id", resolvable: false) { id: ID! }
      `,
      resolvers: { Query: { comment: () => ({ text: 'hello', by: { id: 'p' } }) } },
    },
    people: {
      typeDefs: 'type Person @key(fields: "id") { id: ID! name: String! }',
      resolvers: { Person: { name: ({ id }: { id: string }) => `person ${id}` } },
    },
  },
  cases: [
    {
      it: 'is looked up only where it lives',
      query: '{ comment { by { id name } } }',
      data: { comment: { by: { id: 'p', name: 'person p' } } },
      asks: [['comments'], ['people', [{ __typename: 'Person', id: 'p' }]]],
    },
    {
      it: 'is not looked up where its key is all that is asked',
      query: '{ comment { text by { id } } }',
      data: { comment: { text: 'hello', by: { id: 'p' } } },
      asks: [['comments']],
    },
  ],
})
