import { composeServices } from '@apollo/composition'
import {
  Kind,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isUnionType,
  parse,
} from 'graphql'
import type { ASTNode, GraphQLField, GraphQLNamedType, GraphQLOutputType, GraphQLSchema } from 'graphql'
import { loadSubgraphs } from '../../_host/targets.ts'

const isOwn = (type: GraphQLNamedType): boolean =>
  !type.name.startsWith('_') && !type.name.startsWith('federation__') && !type.name.startsWith('link__')

const standardScalars = new Set(['String', 'Int', 'Float', 'Boolean', 'ID'])

const ownTypes = (schema: GraphQLSchema): GraphQLNamedType[] =>
  Object.values(schema.getTypeMap()).filter(
    (type) => isOwn(type) && !standardScalars.has(type.name) && type.name !== 'FieldSet',
  )

type Directive = { name: { value: string }; arguments?: readonly { name: { value: string }; value: ASTNode }[] }

const directivesOf = (nodes: readonly (ASTNode | null | undefined)[], name: string): Directive[] =>
  nodes
    .flatMap((node) => (node && 'directives' in node ? ((node.directives ?? []) as unknown as Directive[]) : []))
    .filter((directive) => directive.name.value === name)

/** The selections of every resolvable `@key`, by type. */
export const entityKeys = (schema: GraphQLSchema): ReadonlyMap<string, readonly string[]> => {
  const keys = new Map<string, string[]>()
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue
    const selections = directivesOf([type.astNode, ...type.extensionASTNodes], 'key').flatMap((directive) => {
      const values = Object.fromEntries((directive.arguments ?? []).map(({ name, value }) => [name.value, value]))
      const { fields, resolvable } = values
      if (resolvable?.kind === Kind.BOOLEAN && !resolvable.value) return []
      return fields?.kind === Kind.STRING ? [fields.value] : []
    })
    if (selections.length > 0) keys.set(type.name, selections)
  }
  return keys
}

/** The names of the fields of a root type, sorted. */
export const rootFields = (schema: GraphQLSchema, root: 'mutation' | 'subscription'): string[] => {
  const type = root === 'mutation' ? schema.getMutationType() : schema.getSubscriptionType()
  return Object.keys(type?.getFields() ?? {}).toSorted()
}

/** An operation that calls one root field with all its arguments as variables, and asks for as little as possible. */
export const operationFor = (schema: GraphQLSchema, root: 'mutation' | 'subscription', name: string): string => {
  const type = root === 'mutation' ? schema.getMutationType() : schema.getSubscriptionType()
  const field = type?.getFields()[name]
  if (!field) return `${root} { ${name} }`
  const variables = field.args.map((argument) => `$${argument.name}: ${String(argument.type)}`).join(', ')
  const given = field.args.map((argument) => `${argument.name}: $${argument.name}`).join(', ')
  const named = getNamedType(field.type)
  const selection = isScalarType(named) || isEnumType(named) ? '' : ' { __typename }'
  return `${root}${variables && ` (${variables})`} { ${name}${given && `(${given})`}${selection} }`
}

/** The coordinates of all that has no description. */
export const undescribed = (schema: GraphQLSchema): string[] => {
  const roots = new Set([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()])
  const missing: string[] = []
  const check = (coordinate: string, description: string | null | undefined): void => {
    if (!description?.trim()) missing.push(coordinate)
  }
  for (const type of ownTypes(schema)) {
    const extendsAnother = !type.astNode && type.extensionASTNodes.length > 0
    const extension = type.extensionASTNodes.length > 0 || directivesOf([type.astNode], 'key').length > 0
    if (!roots.has(type as never) && !extendsAnother && !(extension && type.name === 'User'))
      check(type.name, type.description)
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        if (field.name.startsWith('_')) continue
        check(`${type.name}.${field.name}`, field.description)
      }
    }
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) check(`${type.name}.${field.name}`, field.description)
    }
    if (isEnumType(type)) for (const value of type.getValues()) check(`${type.name}.${value.name}`, value.description)
    if (isUnionType(type)) check(type.name, type.description)
  }
  return missing
}

const isListOfObjects = (type: GraphQLOutputType): boolean => {
  const outer = isNonNullType(type) ? type.ofType : type
  return isListType(outer) && !isScalarType(getNamedType(outer)) && !isEnumType(getNamedType(outer))
}

const isBounded = (field: GraphQLField<unknown, unknown>): boolean =>
  directivesOf([field.astNode], 'listSize').length > 0

/** The coordinates of lists of objects that are neither pages of a connection nor say their size by `@listSize`. */
export const unboundedLists = (schema: GraphQLSchema): string[] =>
  ownTypes(schema)
    .filter(isObjectType)
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => !field.name.startsWith('_') && isListOfObjects(field.type) && !isBounded(field))
        .filter((field) => !(type.name.endsWith('Connection') && field.name === 'edges'))
        .map((field) => `${type.name}.${field.name}`),
    )

/** What Apollo's composition says against the service: alone as far as it can stand alone, and with all others. */
export const compositionErrors = async (name: string): Promise<string[]> => {
  const all = await loadSubgraphs(['all'])
  const { errors = [] } = composeServices(
    all.map((subgraph) => ({ name: subgraph.name, typeDefs: parse(subgraph.sdl) })),
  )
  return errors.map((error) => `${name}: ${error.message}`)
}
