import { describeFederation } from '../fixtures/federate.ts'

const TREE = { id: 'r', name: 'root', parent: null, children: [{ id: 'c', name: 'child' }] }

describeFederation('selections', {
  subgraphs: {
    trees: {
      typeDefs: `
        type Query { node: Node nodes: [Node!]! }
        type Node @key(fields: "id") { id: ID! name: String! parent: Node children(first: Int = 9): [Node!] }
      `,
      resolvers: {
        Query: { node: () => TREE, nodes: () => [TREE, { ...TREE, children: [] }] },
        Node: {
          children: ({ children }: typeof TREE, { first }: { first: number }) => children?.slice(0, first),
        },
      },
    },
    labels: {
      typeDefs: 'type Node @key(fields: "id") { id: ID! label(lang: String): String size: Int! }',
      resolvers: {
        Node: {
          label: ({ id }: { id: string }, { lang = 'en' }: { lang?: string }) => `${lang}-${id}`,
          size: ({ id }: { id: string }) => (id === 'c' ? null : 1),
        },
      },
    },
  },
  cases: [
    {
      it: 'give one field under many names, with other arguments each',
      query: '{ node { id: name name: id a: label b: label(lang: "ro") label(lang: "fr") } }',
      data: { node: { id: 'root', name: 'r', a: 'en-r', b: 'ro-r', label: 'fr-r' } },
      asks: [['trees'], ['labels', [{ __typename: 'Node', id: 'r' }]]],
      unlikeReference: 'it sends the name for the key, because it goes by the name of the key',
    },
    {
      it: 'name the type wherever it is asked',
      query: '{ __typename kind: __typename node { __typename t: __typename children { __typename label } } }',
      data: {
        __typename: 'Query',
        kind: 'Query',
        node: { __typename: 'Node', t: 'Node', children: [{ __typename: 'Node', label: 'en-c' }] },
      },
      asks: [['trees'], ['labels', [{ __typename: 'Node', id: 'c' }]]],
    },
    {
      it: 'ask no subgraph for what the gateway knows itself',
      query: '{ __typename __type(name: "Node") { fields { name } } }',
      data: {
        __typename: 'Query',
        __type: { fields: ['id', 'label', 'size', 'name', 'parent', 'children'].map((name) => ({ name })) },
      },
      asks: [],
    },
    {
      it: 'merge what is selected of one field at several places',
      query:
        '{ node { children { id } ...More ... on Node { children { label } } } } fragment More on Node { children { name } }',
      data: { node: { children: [{ id: 'c', name: 'child', label: 'en-c' }] } },
      asks: [['trees'], ['labels', [{ __typename: 'Node', id: 'c' }]]],
    },
    {
      it: 'ask nothing for what @skip and @include leave out',
      query: `query ($no: Boolean = false, $yes: Boolean!) {
        node { id ... @skip(if: $yes) { label @include(if: $no) } ... @include(if: true) { name } }
      }`,
      variables: { yes: true },
      data: { node: { id: 'r', name: 'root' } },
      asks: [['trees']],
    },
    {
      it: 'ask no subgraph of which @skip and @include leave out each field by itself',
      query: `query ($no: Boolean = false, $yes: Boolean!) {
        node { id label @include(if: $no) ... @skip(if: $yes) { size parent { label } } }
      }`,
      variables: { yes: true },
      data: { node: { id: 'r' } },
      asks: [['trees']],
    },
    {
      it: 'ask for what @include leaves in, by the default of its variable',
      query:
        'query ($yes: Boolean = true) { node { ... @include(if: $yes) { label } children @skip(if: $yes) { label } } }',
      data: { node: { label: 'en-r' } },
      asks: [['trees'], ['labels', [{ __typename: 'Node', id: 'r' }]]],
    },
    {
      it: 'hand a null up to where one may be, and tell of it there',
      query: '{ nodes { id children { id size } } }',
      data: {
        nodes: [
          { id: 'r', children: null },
          { id: 'r', children: [] },
        ],
      },
      errors: [['nodes.0.children.0.size', 'INTERNAL_SERVER_ERROR']],
      asks: [['trees'], ['labels', [{ __typename: 'Node', id: 'c' }]]],
    },
    {
      it: 'share no object between places of other selections',
      query: '{ a: node { children(first: 0) { label } } b: node { children { label } } }',
      data: { a: { children: [] }, b: { children: [{ label: 'en-c' }] } },
      asks: [['trees'], ['labels', [{ __typename: 'Node', id: 'c' }]]],
    },
  ],
})
