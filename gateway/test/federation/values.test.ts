import { GraphQLScalarType } from 'graphql'
import { describeFederation } from '../fixtures/federate.ts'

const json = new GraphQLScalarType({ name: 'Json' })

describeFederation('values of types that several subgraphs define', {
  subgraphs: {
    tasks: {
      typeDefs: `
        scalar Json
        enum State { OPEN DONE ARCHIVED }
        enum Sort { NEWEST OLDEST BY_SIZE }
        input Filter { state: String = "any" sort: Sort = NEWEST text: String }
        type Query {
          tasks(filter: Filter = { state: "all" }, first: Int = 2): [Task!]!
          echo(value: Json, ids: [ID!] = ["a", "b"]): Json
          grid: [[Cell!]]!
        }
        type Task @key(fields: "id") { id: ID! state: State! asked: String }
        type Cell @key(fields: "x y") { x: Int! y: Int! }
      `,
      resolvers: {
        Json: json,
        Query: {
          tasks: (_root: unknown, { filter, first }: { filter: Record<string, unknown>; first: number }) =>
            (['OPEN', 'ARCHIVED', 'DONE'] as const)
              .slice(0, first)
              .map((state, index) => ({ id: `${index}`, state, asked: JSON.stringify(filter) })),
          echo: (_root: unknown, { value, ids }: { value: unknown; ids: unknown }) => value ?? ids,
          grid: () => [
            [
              { x: 0, y: 0 },
              { x: 1, y: 0 },
            ],
            null,
            [],
            [{ x: 0, y: 0 }],
          ],
        },
      },
    },
    plans: {
      typeDefs: `
        scalar Json
        enum State { OPEN DONE PLANNED }
        enum Sort { NEWEST OLDEST }
        input Filter { state: String = "any" sort: Sort = NEWEST }
        type Query { plans(filter: Filter): Int }
        type Task @key(fields: "id") { id: ID! next: State details(depth: Int! = 3, like: Json): Json }
        type Cell @key(fields: "x y") { x: Int! y: Int! value: Int! }
      `,
      resolvers: {
        Json: json,
        Query: { plans: () => 1 },
        Task: {
          next: () => 'PLANNED',
          details: (_task: unknown, args: unknown) => args,
        },
        Cell: { value: ({ x, y }: { x: number; y: number }) => x * 10 + y },
      },
    },
  },
  cases: [
    {
      it: 'enums that are answered have the values of all subgraphs',
      query: '{ tasks(first: 3) { state next } }',
      data: {
        tasks: [
          { state: 'OPEN', next: 'PLANNED' },
          { state: 'ARCHIVED', next: 'PLANNED' },
          { state: 'DONE', next: 'PLANNED' },
        ],
      },
      asks: [
        ['tasks'],
        [
          'plans',
          [
            { __typename: 'Task', id: '0' },
            { __typename: 'Task', id: '1' },
            { __typename: 'Task', id: '2' },
          ],
        ],
      ],
    },
    {
      it: 'enums and input objects that are given have what all subgraphs know',
      query: `{
        sort: __type(name: "Sort") { enumValues { name } }
        filter: __type(name: "Filter") { inputFields { name defaultValue } }
      }`,
      data: {
        sort: { enumValues: [{ name: 'NEWEST' }, { name: 'OLDEST' }] },
        filter: {
          inputFields: [
            { name: 'state', defaultValue: '"any"' },
            { name: 'sort', defaultValue: 'NEWEST' },
          ],
        },
      },
      asks: [],
    },
    {
      it: 'defaults of arguments are filled in by subgraphs, also in variables',
      query:
        'query ($filter: Filter, $depth: Int! = 1) { tasks(first: 1, filter: $filter) { asked details(depth: $depth) } echo }',
      variables: { filter: { sort: 'OLDEST' } },
      data: {
        tasks: [{ asked: '{"state":"any","sort":"OLDEST"}', details: { depth: 1 } }],
        echo: ['a', 'b'],
      },
      asks: [['tasks'], ['plans', [{ __typename: 'Task', id: '0' }]]],
    },
    {
      it: 'null is given on as null, and what is left out is left out',
      query: 'query ($depth: Int!, $like: Json) { tasks(first: 1) { details(depth: $depth, like: $like) } }',
      variables: { depth: 2, like: null },
      data: { tasks: [{ details: { depth: 2, like: null } }] },
      asks: [['tasks'], ['plans', [{ __typename: 'Task', id: '0' }]]],
    },
    {
      it: 'custom scalars pass as they are, whatever is in them',
      query:
        'query ($value: Json) { echo(value: $value) text: echo(value: "x") nested: echo(value: { a: [1, null, { b: true }] }, ids: []) }',
      variables: { value: { __proto: 'x', deep: [[1.5, 'ü\u2028']], empty: {}, nothing: null } },
      data: {
        echo: { __proto: 'x', deep: [[1.5, 'ü\u2028']], empty: {}, nothing: null },
        text: 'x',
        nested: { a: [1, null, { b: true }] },
      },
      asks: [['tasks']],
    },
    {
      it: 'lists of lists keep their shape while others fill in their items, each once',
      query: '{ grid { value } }',
      data: { grid: [[{ value: 0 }, { value: 10 }], null, [], [{ value: 0 }]] },
      asks: [
        ['tasks'],
        [
          'plans',
          [
            { __typename: 'Cell', x: 0, y: 0 },
            { __typename: 'Cell', x: 1, y: 0 },
          ],
        ],
      ],
    },
  ],
})
