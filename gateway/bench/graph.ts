import { composeServices } from '@apollo/composition'
import { buildSubgraphSchema } from '@apollo/subgraph'
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/index.js'
import { Kind, parse, visit } from 'graphql'
import type { ConstDirectiveNode, DocumentNode, GraphQLSchema } from 'graphql'

/** The shape of the public gateways benchmark: four subgraphs that go round in circles. */
export type BenchSubgraph = {
  readonly name: string
  readonly text: string
  readonly resolvers: GraphQLResolverMap<unknown>
}

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires"])\n'

const USERS = Array.from({ length: 6 }, (_, index) => ({
  id: `${index + 1}`,
  name: `User number ${index + 1}`,
  username: `user${index + 1}`,
}))
const PRODUCTS = Array.from({ length: 9 }, (_, index) => ({
  upc: `${index + 1}`,
  name: `Product number ${index + 1}, with a name of some length`,
  price: (index + 1) * 97,
  weight: (index + 1) * 113,
}))
const REVIEWS = Array.from({ length: 22 }, (_, index) => ({
  id: `${index + 1}`,
  body: `Review number ${index + 1}: it does what it says, and it came on time, so I would buy it again.`,
  authorId: `${(index % 6) + 1}`,
  upc: `${(index % 9) + 1}`,
}))

export const BENCH_SUBGRAPHS: readonly BenchSubgraph[] = [
  {
    name: 'users',
    text: 'type Query { me: User users: [User] } type User @key(fields: "id") { id: ID! name: String username: String }',
    resolvers: {
      Query: { users: () => USERS },
      User: { __resolveReference: ({ id }: { id: string }) => USERS.find((user) => user.id === id) },
    },
  },
  {
    name: 'products',
    text: `type Query { topProducts(first: Int = 5): [Product] }
      type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }`,
    resolvers: {
      Query: { topProducts: (_: unknown, { first }: { first: number }) => PRODUCTS.slice(0, first) },
      Product: { __resolveReference: ({ upc }: { upc: string }) => PRODUCTS.find((product) => product.upc === upc) },
    },
  },
  {
    name: 'reviews',
    text: `type Review @key(fields: "id") { id: ID! body: String product: Product author: User }
      type User @key(fields: "id") { id: ID! reviews: [Review] }
      type Product @key(fields: "upc") { upc: String! reviews: [Review] }`,
    resolvers: {
      Review: {
        product: ({ upc }: { upc: string }) => ({ upc }),
        author: ({ authorId }: { authorId: string }) => ({ id: authorId }),
      },
      User: { reviews: ({ id }: { id: string }) => REVIEWS.filter(({ authorId }) => authorId === id) },
      Product: { reviews: (product: { upc: string }) => REVIEWS.filter(({ upc }) => upc === product.upc) },
    },
  },
  {
    name: 'inventory',
    text: `type Product @key(fields: "upc") {
        upc: String! weight: Int @external price: Int @external inStock: Boolean
        shippingEstimate: Int @requires(fields: "price weight")
      }`,
    resolvers: {
      Product: {
        inStock: ({ upc }: { upc: string }) => Number(upc) % 2 === 0,
        shippingEstimate: ({ price, weight }: { price: number; weight: number }) => (price > 1000 ? 0 : weight * 2),
      },
    },
  },
]

export const benchSchema = ({ text, resolvers }: BenchSubgraph): GraphQLSchema =>
  buildSubgraphSchema({ typeDefs: parse(LINK + text), resolvers })

const PROMISES = `
  extend schema @link(url: "https://specs.codai.ro/live/v1.0", import: ["@sameForEveryone"])
    @federation__composeDirective(name: "@sameForEveryone")
  directive @sameForEveryone on FIELD_DEFINITION
`

export type ComposeBenchOptions = {
  /** Subgraphs that nobody asks. */
  readonly others?: readonly Pick<BenchSubgraph, 'name' | 'text'>[]
  /** Whether all fields are promised not to depend on who asks. */
  readonly isPromised?: boolean
  /** Whether subgraphs answer each request in other words. */
  readonly isOwn?: boolean
}

/** Composes them with the addresses that they have. */
export const composeBench = (
  urls: Readonly<Record<string, string>>,
  { others = [], isPromised = false, isOwn = false }: ComposeBenchOptions = {},
): string => {
  const services = [...BENCH_SUBGRAPHS, ...others].map(({ name, text }) => ({
    name,
    url: `${urls[name] ?? 'http://127.0.0.1:9'}${isOwn ? '?own' : ''}`,
    typeDefs: isPromised ? promising(parse(LINK + text)) : parse(LINK + text),
  }))
  const result = composeServices(services)
  if (result.errors) throw new Error(result.errors.map(String).join('\n'))
  return result.supergraphSdl
}

/** Promises of each field that it is the same for everyone. */
const promising = (document: DocumentNode): DocumentNode => {
  const promise: ConstDirectiveNode = {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: 'sameForEveryone' },
  }
  const marked = visit(document, {
    FieldDefinition: (field) => ({ ...field, directives: [...(field.directives ?? []), promise] }),
  })
  return { ...marked, definitions: [...parse(PROMISES).definitions, ...marked.definitions] }
}

export const BENCH_QUERY = `
  fragment User on User { id username name }
  fragment Review on Review { id body }
  fragment Product on Product { inStock name price shippingEstimate upc weight }
  query TestQuery {
    users {
      ...User
      reviews {
        ...Review
        product {
          ...Product
          reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } }
        }
      }
    }
    topProducts {
      ...Product
      reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } }
    }
  }`
