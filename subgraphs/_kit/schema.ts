import { buildSubgraphSchema } from '@apollo/subgraph'
import { getNamedType, isObjectType, parse } from 'graphql'
import type { ASTNode, GraphQLFieldConfig, GraphQLFieldResolver, GraphQLSchema, GraphQLObjectType } from 'graphql'
import { unauthenticated } from '@codai/runtime'
import type { RequestContext } from './subgraph.ts'
import { sharedScalars } from './scalars.ts'

type AnyContext = RequestContext<unknown, unknown>
type Field = GraphQLFieldConfig<unknown, AnyContext>
type Resolver = GraphQLFieldResolver<unknown, AnyContext>

const isAuthenticated = (node: ASTNode | null | undefined): boolean =>
  node != null &&
  'directives' in node &&
  (node.directives ?? []).some((directive) => directive.name.value === 'authenticated')

const needsCaller = (field: Field): boolean => {
  const type = getNamedType(field.type)
  return isAuthenticated(field.astNode) || isAuthenticated(type.astNode)
}

/**
 * The gateway refuses anonymous callers at `@authenticated` before anything is fetched; the same directive is honoured
 * here once more, so that a subgraph is safe by itself.
 */
const guarded =
  (resolve: Resolver | undefined): Resolver =>
  (parent, args, context, info) => {
    if (context.identity.kind === 'anonymous') throw unauthenticated()
    return resolve ? resolve(parent, args, context, info) : (parent as Record<string, unknown>)[info.fieldName]
  }

const guardFields = (type: GraphQLObjectType): void => {
  for (const field of Object.values(type.getFields())) {
    const configured = field as unknown as Field
    if (!needsCaller(configured)) continue
    if (configured.subscribe) configured.subscribe = guarded(configured.subscribe)
    else configured.resolve = guarded(configured.resolve)
  }
}

/** What was loaded before a change is stale after it. The fields of a mutation run in turn, so no other one is in the way. */
const loadAfresh = (mutation: GraphQLObjectType, freshLoaders: (context: AnyContext) => unknown): void => {
  for (const field of Object.values(mutation.getFields())) {
    const configured = field as unknown as Field
    const { resolve } = configured
    if (!resolve) continue
    configured.resolve = (parent, args, context, info) => {
      context.loaders = freshLoaders(context)
      return resolve(parent, args, context, info)
    }
  }
}

/**
 * The executable schema of a subgraph, with the shared scalars, with `@authenticated` honoured, and with loaders of its
 * own for each field of a mutation.
 */
export const executableSchema = (
  sdl: string,
  resolvers: object,
  freshLoaders?: (context: AnyContext) => unknown,
): GraphQLSchema => {
  const typeDefs = parse(sdl)
  const defined = new Set(
    typeDefs.definitions.flatMap((node) => ('name' in node && node.name ? [node.name.value] : [])),
  )
  const scalars = Object.entries(sharedScalars).filter(([name]) => defined.has(name))
  const schema = buildSubgraphSchema({
    typeDefs,
    resolvers: { ...Object.fromEntries(scalars), ...resolvers },
  })
  for (const type of Object.values(schema.getTypeMap())) {
    if (isObjectType(type) && !type.name.startsWith('_')) guardFields(type)
  }
  const mutation = schema.getMutationType()
  if (mutation && freshLoaders) loadAfresh(mutation, freshLoaders)
  return schema
}
