import { isEnumType, isInterfaceType, isObjectType } from '@apollo/federation-internals'
import type { Directive, Schema } from '@apollo/federation-internals'
import { Kind, parse, print, visit } from 'graphql'
import type { FieldNode, SelectionSetNode } from 'graphql'

/** A field with arguments that another field needs as its input. */
export type InputWithArguments = {
  /** The way to it from the object, such as `author.posts`. */
  readonly path: string
  readonly arguments: string
}

/** What plans select that no client asked for. */
export type FieldSets = {
  /** The names of all fields that are part of a key or an input. */
  readonly names: ReadonlySet<string>
  /** By `Type.field`, the inputs of the field that have arguments. */
  readonly inputsWithArguments: ReadonlyMap<string, readonly InputWithArguments[]>
  /** By subgraph, the types that it names by keys but cannot look up by any. */
  readonly unresolvable: ReadonlyMap<string, ReadonlySet<string>>
  /** By subgraph, the fields (`Type.field`) that it only knows from others: external, no key, and never provided. */
  readonly external: ReadonlyMap<string, ReadonlySet<string>>
}

/** Reads the keys and inputs of a supergraph from its `@join__type` and `@join__field`. */
export const readFieldSets = (schema: Schema): FieldSets => {
  const names = new Set<string>()
  const inputsWithArguments = new Map<string, InputWithArguments[]>()

  const note = (directive: Directive, argument: 'key' | 'requires'): SelectionSetNode | undefined => {
    const text: unknown = directive.arguments()[argument]
    if (typeof text !== 'string') return undefined
    const selectionSet = parseFieldSet(text)
    visit(selectionSet, { Field: ({ name }) => void names.add(name.value) })
    return selectionSet
  }

  const noteContexts = (directive: Directive): void => {
    const contexts = (directive.arguments() as Record<string, unknown>)['contextArguments'] ?? []
    for (const { selection } of contexts as readonly { readonly selection: string }[]) {
      const text = selection.trimStart().startsWith('{') ? selection : `{ ${selection} }`
      visit(parse(text, { noLocation: true }), { Field: ({ name }) => void names.add(name.value) })
    }
  }

  for (const type of schema.types()) {
    for (const directive of type.appliedDirectivesOf('join__type')) note(directive, 'key')
    if (!isObjectType(type) && !isInterfaceType(type)) continue
    for (const field of type.fields()) {
      for (const directive of field.appliedDirectivesOf('join__field')) {
        noteContexts(directive)
        const required = note(directive, 'requires')
        const found = required ? withArguments(required, '') : []
        if (found.length > 0) inputsWithArguments.set(field.coordinate, found)
      }
    }
  }
  return { names, inputsWithArguments, unresolvable: readUnresolvable(schema), external: readExternal(schema) }
}

const readUnresolvable = (schema: Schema): ReadonlyMap<string, ReadonlySet<string>> => {
  const unresolvable = new Map<string, Set<string>>()
  for (const [value, name] of subgraphNames(schema)) {
    for (const type of schema.types()) {
      const keys = type
        .appliedDirectivesOf('join__type')
        .map((directive): Record<string, unknown> => directive.arguments())
        .filter(({ graph, key }) => graph === value && key !== undefined)
      if (keys.length === 0 || keys.some(({ resolvable }) => resolvable !== false)) continue
      unresolvable.set(name, (unresolvable.get(name) ?? new Set()).add(type.name))
    }
  }
  return unresolvable
}

/** Reads the labels of progressive overrides. */
export const readOverrideLabels = (schema: Schema): readonly string[] => {
  const applications = schema.directive('join__field')?.applications() ?? []
  const labels = [...applications].map(
    (directive) => (directive.arguments() as Record<string, unknown>)['overrideLabel'],
  )
  return [...new Set(labels.filter((label): label is string => typeof label === 'string'))]
}

const readExternal = (schema: Schema): ReadonlyMap<string, ReadonlySet<string>> =>
  new Map([...subgraphNames(schema)].map(([value, name]) => [name, externalFields(schema, value)]))

const externalFields = (schema: Schema, graph: string): ReadonlySet<string> => {
  const provided = new Set<string>()
  const external = new Map<string, string>()
  const note = (text: unknown): void => {
    if (typeof text === 'string') visit(parseFieldSet(text), { Field: ({ name }) => void provided.add(name.value) })
  }
  for (const type of schema.types()) {
    const isHere = (directive: Directive): boolean => directive.arguments()['graph'] === graph
    for (const directive of type.appliedDirectivesOf('join__type').filter(isHere)) note(directive.arguments()['key'])
    if (!isObjectType(type) && !isInterfaceType(type)) continue
    for (const field of type.fields()) {
      for (const directive of field.appliedDirectivesOf('join__field').filter(isHere)) {
        const { provides, external: isExternal } = directive.arguments() as Record<string, unknown>
        note(provides)
        if (isExternal === true) external.set(field.coordinate, field.name)
      }
    }
  }
  // A field is provided on one way and external on others: by its name alone it is taken for provided.
  return new Set([...external].filter(([, name]) => !provided.has(name)).map(([coordinate]) => coordinate))
}

/** The names of subgraphs, by what they are called inside the supergraph. */
const subgraphNames = (schema: Schema): ReadonlyMap<string, string> => {
  const graphs = schema.type('join__Graph')
  if (!graphs || !isEnumType(graphs)) return new Map()
  return new Map(
    graphs.values.map((value) => {
      const [directive] = value.appliedDirectivesOf('join__graph')
      return [value.name, String(directive?.arguments()['name'] ?? value.name)]
    }),
  )
}

const parseFieldSet = (text: string): SelectionSetNode => {
  const [definition] = parse(`{ ${text} }`, { noLocation: true }).definitions
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`"${text}" is no set of fields`)
  return definition.selectionSet
}

const withArguments = ({ selections }: SelectionSetNode, before: string): InputWithArguments[] =>
  selections.flatMap((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return []
    if (selection.kind === Kind.INLINE_FRAGMENT) return withArguments(selection.selectionSet, before)
    const path = `${before}${selection.name.value}`
    const below = selection.selectionSet ? withArguments(selection.selectionSet, `${path}.`) : []
    const text = argumentsText(selection)
    return text === '' ? below : [{ path, arguments: text }, ...below]
  })

const argumentsText = ({ arguments: given = [] }: FieldNode): string => given.map(print).toSorted().join(', ')
