import { Supergraph, isInterfaceType as isInterface, isObjectType as isObject } from '@apollo/federation-internals'
import type { Directive, Schema } from '@apollo/federation-internals'
import {
  Kind,
  buildASTSchema,
  getNamedType,
  isCompositeType,
  isInputObjectType,
  isInterfaceType,
  isUnionType,
  lexicographicSortSchema,
  parse,
  printSchema,
  visit,
} from 'graphql'
import type {
  DefinitionNode,
  FieldDefinitionNode,
  GraphQLCompositeType,
  GraphQLField,
  GraphQLNamedType,
  GraphQLSchema,
} from 'graphql'

/** What third parties see of a supergraph. */
export const PUBLIC_TAG = 'public'

/**
 * The part of an API schema that is tagged, on its own: a tagged type with all its fields, or single tagged fields; then
 * whatever values, inputs and enums these need. A field that leads to a type of which nothing is tagged is left out, so
 * that tagging a type never opens another one. Undefined where no query is left.
 */
export const contractOf = (api: GraphQLSchema, supergraph: Schema, tag = PUBLIC_TAG): GraphQLSchema | undefined => {
  const kept = keptFields(api, readTags(supergraph, tag))
  const query = api.getQueryType()
  if (!query || !kept.has(query.name)) return undefined
  const reachable = reach(api, kept)

  const keepsField = (type: string, field: string): boolean => kept.get(type)?.has(field) ?? false
  const keptFieldsOf = (type: string, fields: readonly FieldDefinitionNode[] = []): FieldDefinitionNode[] =>
    fields.filter(({ name }) => keepsField(type, name.value))

  const filtered = (definition: DefinitionNode): DefinitionNode | undefined => {
    if (definition.kind === Kind.DIRECTIVE_DEFINITION || definition.kind === Kind.SCHEMA_DEFINITION) return definition
    if (!('name' in definition) || !definition.name || !reachable.has(definition.name.value)) return undefined
    const name = definition.name.value
    if (definition.kind === Kind.UNION_TYPE_DEFINITION) {
      return { ...definition, types: definition.types?.filter((type) => reachable.has(type.name.value)) ?? [] }
    }
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) {
      return definition
    }
    // An interface is kept only by a type that still has all of it.
    const interfaces = definition.interfaces?.filter(
      (one) => reachable.has(one.name.value) && [...(kept.get(one.name.value) ?? [])].every((f) => keepsField(name, f)),
    )
    return { ...definition, fields: keptFieldsOf(name, definition.fields), interfaces: interfaces ?? [] }
  }

  const definitions = parse(printSchema(api)).definitions.flatMap((definition) => filtered(definition) ?? [])
  const roots = new Set(definitions.flatMap((one) => ('name' in one && one.name ? [one.name.value] : [])))
  const document = visit(
    { kind: Kind.DOCUMENT, definitions },
    {
      SchemaDefinition: (node) => ({
        ...node,
        operationTypes: node.operationTypes.filter(({ type }) => roots.has(type.name.value)),
      }),
    },
  )
  return buildASTSchema(document)
}

/** The contract of a supergraph's text, as third parties read it, in a stable order. Throws where nothing is tagged. */
export const printContract = (sdl: string): string => {
  // `null`: whatever features the supergraph links. To print what clients see, nothing of them has to be supported.
  const supergraph = Supergraph.build(sdl, { supportedFeatures: null })
  const contract = contractOf(supergraph.apiSchema().toGraphQLJSSchema(), supergraph.schema)
  if (!contract) throw new Error(`No query of the graph is tagged "${PUBLIC_TAG}".`)
  return `${printSchema(lexicographicSortSchema(contract))}\n`
}

type Tags = { readonly types: ReadonlySet<string>; readonly fields: ReadonlySet<string> }
type Tagged = { readonly appliedDirectivesOf: (name: string) => readonly Directive[] }

const readTags = (supergraph: Schema, tag: string): Tags => {
  const types = new Set<string>()
  const fields = new Set<string>()
  const directive = supergraph.coreFeatures?.getByIdentity('https://specs.apollo.dev/tag')?.directiveNameInSchema('tag')
  if (directive === undefined) return { types, fields }
  const isTagged = (element: Tagged): boolean =>
    element
      .appliedDirectivesOf(directive)
      .map((applied): Readonly<Record<string, unknown>> => applied.arguments())
      .some(({ name }) => name === tag)

  for (const type of supergraph.types()) {
    if (isTagged(type)) types.add(type.name)
    if (!isObject(type) && !isInterface(type)) continue
    for (const field of type.fields()) if (isTagged(field)) fields.add(field.coordinate)
  }
  return { types, fields }
}

/** By type, the fields that are tagged and lead to something; unions by their members. Types without any are left out. */
const keptFields = (api: GraphQLSchema, tags: Tags): ReadonlyMap<string, ReadonlySet<string>> => {
  const composite = Object.values(api.getTypeMap()).filter(
    (type): type is GraphQLCompositeType => isCompositeType(type) && !type.name.startsWith('__'),
  )
  const kept = new Map<string, Set<string>>()
  for (const type of composite) {
    if (isUnionType(type)) {
      if (tags.types.has(type.name)) kept.set(type.name, new Set(type.getTypes().map(({ name }) => name)))
      continue
    }
    const names = Object.keys(type.getFields())
    const chosen = names.filter((name) => tags.types.has(type.name) || tags.fields.has(`${type.name}.${name}`))
    if (chosen.length > 0) kept.set(type.name, new Set(chosen))
  }

  const leads = (type: GraphQLCompositeType, member: string): boolean => {
    if (isUnionType(type)) return kept.has(member)
    const target = getNamedType(type.getFields()[member]?.type)
    return !isCompositeType(target) || kept.has(target.name)
  }
  // A type that loses its last field takes away the fields that lead to it, and so on.
  for (let changed = true; changed;) {
    changed = false
    for (const type of composite) {
      const members = kept.get(type.name)
      if (!members) continue
      for (const member of members) {
        if (leads(type, member)) continue
        members.delete(member)
        changed = true
      }
      if (members.size === 0) kept.delete(type.name)
    }
  }
  return kept
}

/** The names of all types that can be met from the roots on. */
const reach = (api: GraphQLSchema, kept: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> => {
  const reached = new Set<string>()

  const visitField = ({ type, args }: GraphQLField<unknown, unknown>): void => {
    visitType(getNamedType(type))
    for (const argument of args) visitType(getNamedType(argument.type))
  }

  const visitType = (type: GraphQLNamedType): void => {
    if (reached.has(type.name) || (isCompositeType(type) && !kept.has(type.name))) return
    reached.add(type.name)
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) visitType(getNamedType(field.type))
    }
    if (!isCompositeType(type)) return
    if (isUnionType(type)) {
      for (const member of type.getTypes()) visitType(member)
      return
    }
    for (const name of kept.get(type.name) ?? []) {
      const field = type.getFields()[name]
      if (field) visitField(field)
    }
    for (const one of type.getInterfaces()) visitType(one)
    if (isInterfaceType(type)) for (const object of api.getPossibleTypes(type)) visitType(object)
  }

  for (const root of [api.getQueryType(), api.getMutationType(), api.getSubscriptionType()]) {
    if (root) visitType(root)
  }
  return reached
}
