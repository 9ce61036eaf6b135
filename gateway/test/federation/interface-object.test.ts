import { describeFederation } from '../fixtures/federate.ts'

const LIBRARY = {
  typeDefs: `
    type Query { media: [Media!]! medium(id: ID!): Media shelf: Shelf }
    interface Media @key(fields: "id") { id: ID! title: String! }
    type Book implements Media @key(fields: "id") { id: ID! title: String! pages: Int! }
    type Film implements Media @key(fields: "id") { id: ID! title: String! minutes: Int! }
    type Shelf { top: Book }
  `,
  resolvers: {
    Query: {
      media: () => [BOOK, FILM],
      medium: (_root: unknown, { id }: { id: string }) => [BOOK, FILM].find((medium) => medium.id === id),
      shelf: () => ({ top: BOOK }),
    },
    Media: {
      __resolveReference: ({ id }: { id: string }) => [BOOK, FILM].find((medium) => medium.id === id),
    },
    Book: { __resolveReference: () => BOOK },
    Film: { __resolveReference: () => FILM },
  },
}
const BOOK = { __typename: 'Book', id: 'b', title: 'Dune', pages: 600 }
const FILM = { __typename: 'Film', id: 'f', title: 'Alien', minutes: 117 }

describeFederation('@interfaceObject', {
  subgraphs: {
    library: LIBRARY,
    reviews: {
      typeDefs: `
        type Query { latest: [Media!]! }
        type Media @interfaceObject @key(fields: "id") {
          id: ID! stars: Int! title: String! @external slug: String @requires(fields: "title") reviews: [Review!]!
        }
        type Review { text: String! media: Media! }
      `,
      resolvers: {
        Query: { latest: () => [{ id: 'f' }, { id: 'b' }] },
        Media: {
          stars: ({ id }: { id: string }) => (id === 'b' ? 5 : 4),
          slug: ({ title }: { title: string }) => title.toLowerCase(),
          reviews: ({ id }: { id: string }) => [{ text: `of ${id}`, media: { id } }],
        },
      },
    },
  },
  cases: [
    {
      it: 'adds fields to every implementation of an interface',
      query: '{ media { __typename title stars } }',
      data: {
        media: [
          { __typename: 'Book', title: 'Dune', stars: 5 },
          { __typename: 'Film', title: 'Alien', stars: 4 },
        ],
      },
      asks: [
        ['library'],
        [
          'reviews',
          [
            { __typename: 'Media', id: 'b' },
            { __typename: 'Media', id: 'f' },
          ],
        ],
      ],
    },
    {
      it: 'adds them where an implementation is selected by its own type',
      query: '{ shelf { top { pages stars } } media { ... on Film { stars } } }',
      data: { shelf: { top: { pages: 600, stars: 5 } }, media: [{}, { stars: 4 }] },
      asks: [
        ['library'],
        ['reviews', [{ __typename: 'Media', id: 'b' }]],
        ['reviews', [{ __typename: 'Media', id: 'f' }]],
      ],
    },
    {
      it: 'asks who knows for the type of an object that it only knows as the interface',
      query: '{ latest { __typename title ... on Book { pages } } }',
      data: {
        latest: [
          { __typename: 'Film', title: 'Alien' },
          { __typename: 'Book', title: 'Dune', pages: 600 },
        ],
      },
      asks: [
        ['reviews'],
        [
          'library',
          [
            { __typename: 'Media', id: 'f' },
            { __typename: 'Media', id: 'b' },
          ],
        ],
      ],
    },
    {
      it: 'answers alone where the type does not matter',
      query: '{ latest { id stars } }',
      data: {
        latest: [
          { id: 'f', stars: 4 },
          { id: 'b', stars: 5 },
        ],
      },
      asks: [['reviews']],
    },
    {
      it: 'requires fields of the interface',
      query: '{ media { slug } }',
      data: { media: [{ slug: 'dune' }, { slug: 'alien' }] },
      asks: [
        ['library'],
        [
          'reviews',
          [
            { __typename: 'Media', title: 'Dune', id: 'b' },
            { __typename: 'Media', title: 'Alien', id: 'f' },
          ],
        ],
      ],
    },
    {
      it: 'leads through its own objects to the implementation',
      query: '{ medium(id: "b") { reviews { text media { title ... on Book { pages } } } } }',
      data: { medium: { reviews: [{ text: 'of b', media: { title: 'Dune', pages: 600 } }] } },
      asks: [
        ['library'],
        ['reviews', [{ __typename: 'Media', id: 'b' }]],
        ['library', [{ __typename: 'Media', id: 'b' }]],
      ],
    },
  ],
})
