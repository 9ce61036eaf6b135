import { describeFederation } from '../fixtures/federate.ts'

describeFederation('@provides', {
  subgraphs: {
    films: {
      typeDefs: `
        type Query { film: Film films: [Film] @provides(fields: "studio { name boss { name } }") shown: [Shown] @provides(fields: "... on Film { rating }") }
        type Film implements Titled @key(fields: "id") { id: ID! title: String studio: Studio rating: Int @external }
        interface Titled { title: String }
        type Play { id: ID! }
        union Shown = Film | Play
        type Studio @key(fields: "id") { id: ID! name: String @external boss: Person @external }
        type Person @key(fields: "id") { id: ID! name: String @external }
      `,
      resolvers: {
        Query: {
          film: () => ({ id: 'f', title: 'Metropolis', studio: { id: 's' } }),
          films: () => [
            { id: 'f', title: 'Metropolis', studio: { id: 's', name: 'Ufa', boss: { id: 'b', name: 'Erich' } } },
          ],
          shown: () => [
            { __typename: 'Film', id: 'f', rating: 9 },
            { __typename: 'Play', id: 'p' },
          ],
        },
      },
    },
    studios: {
      typeDefs: `
        type Studio @key(fields: "id") { id: ID! name: String @shareable boss: Person @shareable founded: Int }
        type Person @key(fields: "id", resolvable: false) { id: ID! }
        type Film @key(fields: "id") { id: ID! rating: Int @shareable }
      `,
      resolvers: {
        Studio: { name: () => 'Ufa', boss: () => ({ id: 'b' }), founded: () => 1917 },
        Film: { rating: () => 9 },
      },
    },
    people: {
      typeDefs: 'type Person @key(fields: "id") { id: ID! name: String @shareable }',
      resolvers: { Person: { name: () => 'Erich' } },
    },
  },
  cases: [
    {
      it: 'answers from the first subgraph what it has at hand, also deep inside',
      query: '{ films { studio { name boss { name } } } }',
      data: { films: [{ studio: { name: 'Ufa', boss: { name: 'Erich' } } }] },
      asks: [['films']],
    },
    {
      it: 'holds only on the way that promises it',
      query: '{ film { studio { name boss { name } } } }',
      data: { film: { studio: { name: 'Ufa', boss: { name: 'Erich' } } } },
      asks: [
        ['films'],
        ['studios', [{ __typename: 'Studio', id: 's' }]],
        ['people', [{ __typename: 'Person', id: 'b' }]],
      ],
    },
    {
      it: 'does not keep the rest from being fetched',
      query: '{ films { studio { name founded } } }',
      data: { films: [{ studio: { name: 'Ufa', founded: 1917 } }] },
      asks: [['films'], ['studios', [{ __typename: 'Studio', id: 's' }]]],
    },
    {
      it: 'speaks of members of a union',
      query: '{ shown { __typename ... on Film { rating } ... on Play { id } } }',
      data: {
        shown: [
          { __typename: 'Film', rating: 9 },
          { __typename: 'Play', id: 'p' },
        ],
      },
      asks: [['films']],
    },
  ],
})
