import type { QueryPlanFieldNode, QueryPlanSelectionNode } from '@apollo/query-planner'
import { isObjectType } from 'graphql'
import type { GraphQLSchema } from 'graphql'
import { getOwn, merge, setOwn } from './merge.ts'
import type { Rewrite } from './rewrites.ts'
import { isOfType } from './type-conditions.ts'
import { isRecord } from './types.ts'
import type { Data } from './types.ts'

/**
 * Builds what names an entity to a subgraph, as JSON text, so that equal entities are found by comparing texts.
 * Undefined where the entity lacks an input: then there is nothing to ask, and the error for it is told elsewhere.
 */
export type Represent = ((entity: Data) => string | undefined) & {
  /** Tells whether an entity has nothing but what its representation says: then those of equal texts are equal. */
  readonly saysAll: (entity: Data) => boolean
  /**
   * What alone tells an entity from all others that can be represented, so that no text need be made to find its equals.
   * Undefined where it takes more than one value.
   */
  readonly keyOf: (entity: Data) => string | number | undefined
}

/** How the entities of one type are represented. */
type Representation = {
  readonly write: (entity: Data) => string | undefined
  /** The number of fields that are taken over as they are; 0 where it is not as simple. */
  readonly plainFields: number
}

/** Compiles a plan's `requires`. In: the selections, and how inputs are rewritten. Out: the builder. */
export const compileRepresentations = (
  requires: readonly QueryPlanSelectionNode[],
  rewrite: Rewrite | undefined,
  schema: GraphQLSchema,
): Represent => {
  const byType = new Map<string, Representation>()

  const compile = (typename: string): Representation => {
    const applying = requires.filter((selection) => appliesTo(schema, typename, selection))
    // Where parts come later, plans ask so for objects that they want nothing of: nobody could look them up.
    if (applying.every(hasNoKey)) return { write: () => undefined, plainFields: 0 }
    const [only] = applying
    // The most frequent case by far: one fragment with plain fields.
    if (!rewrite && applying.length === 1 && only?.kind === 'InlineFragment') {
      const fields = plainFields(only.selections)
      if (fields) return { write: writePlain(fields), plainFields: fields.length }
    }
    const select = compileSelections(requires, schema)
    const write = (entity: Data): string | undefined => {
      const representation = select(entity)
      if (!representation || !getOwn(representation, '__typename')) return undefined
      rewrite?.(representation)
      return JSON.stringify(representation)
    }
    return { write, plainFields: 0 }
  }

  const representationOf = ({ __typename: typename }: Data): Representation | undefined => {
    if (typeof typename !== 'string') return undefined
    const known = byType.get(typename)
    if (known) return known
    const compiled = compile(typename)
    byType.set(typename, compiled)
    return compiled
  }

  const represent = (entity: Data): string | undefined => representationOf(entity)?.write(entity)
  return Object.assign(represent, {
    saysAll: (entity: Data): boolean => countKeys(entity) === representationOf(entity)?.plainFields,
    keyOf: rewrite ? () => undefined : compileKey(requires, schema),
  })
}

/** The most frequent case by far: entities of one type, with a key of one field. */
const compileKey = (requires: readonly QueryPlanSelectionNode[], schema: GraphQLSchema): Represent['keyOf'] => {
  const [only] = requires
  if (only?.kind !== 'InlineFragment' || requires.length > 1) return () => undefined
  const { typeCondition = '', selections } = only
  const keys = plainFields(selections)?.filter(({ prefix }) => prefix !== TYPENAME_PREFIX)
  const [field] = keys ?? []
  if (!field || keys?.length !== 1 || !isObjectType(schema.getType(typeCondition))) return () => undefined
  const { key } = field
  return (entity) => {
    if (entity['__typename'] !== typeCondition) return undefined
    const value = getOwn(entity, key)
    return typeof value === 'string' || typeof value === 'number' ? value : undefined
  }
}

const TYPENAME_PREFIX = '"__typename":'

/** Without a list of the keys, which would be made for each of very many entities. */
const countKeys = (entity: Data): number => {
  let keys = 0
  for (const _key in entity) keys += 1
  return keys
}

const appliesTo = (schema: GraphQLSchema, typename: string, selection: QueryPlanSelectionNode): boolean =>
  selection.kind === 'Field' ||
  (selection.typeCondition !== undefined && isOfType(schema, typename, selection.typeCondition))

const hasNoKey = (selection: QueryPlanSelectionNode): boolean =>
  selection.kind === 'Field' ? selection.name === '__typename' : selection.selections.every(hasNoKey)

/** The keys of fields without selections of their own; undefined when there is anything else, or no type name. */
const plainFields = (selections: readonly QueryPlanSelectionNode[]): readonly PlainField[] | undefined => {
  const fields: PlainField[] = []
  for (const selection of selections) {
    if (selection.kind !== 'Field' || selection.selections) return undefined
    fields.push({ key: sourceKey(selection), prefix: `${JSON.stringify(sentKey(selection))}:` })
  }
  const keys = new Set(fields.map(({ prefix }) => prefix))
  return keys.size === fields.length && keys.has(TYPENAME_PREFIX) ? fields : undefined
}

type PlainField = { readonly key: string; readonly prefix: string }

const writePlain =
  (fields: readonly PlainField[]) =>
  (entity: Data): string | undefined => {
    let text = '{'
    for (const { key, prefix } of fields) {
      const value = getOwn(entity, key)
      if (value === undefined) return undefined
      if (text.length > 1) text += ','
      text += prefix + JSON.stringify(value)
    }
    return `${text}}`
  }

type Select = (source: Data) => Data | null

const compileSelections = (selections: readonly QueryPlanSelectionNode[], schema: GraphQLSchema): Select => {
  const parts = selections.map((selection) =>
    selection.kind === 'Field'
      ? compileField(selection, schema)
      : compileFragment(selection.typeCondition, compileSelections(selection.selections, schema), schema),
  )
  return (source) => {
    const result: Data = {}
    for (const part of parts) if (!part(source, result)) return null
    return result
  }
}

/** Copies a part of an entity into its representation; tells whether the entity has what is needed. */
type Part = (source: Data, result: Data) => boolean

const compileField = (field: QueryPlanFieldNode, schema: GraphQLSchema): Part => {
  const from = sourceKey(field)
  const to = sentKey(field)
  const select = field.selections && compileSelections(field.selections, schema)
  const selectIn = (value: unknown): unknown => {
    if (!select || value === null) return value
    if (Array.isArray(value)) return value.map(selectIn)
    return isRecord(value) ? select(value) : null
  }
  return (source, result) => {
    const value = getOwn(source, from)
    if (value === undefined) return false
    setOwn(result, to, selectIn(value))
    return true
  }
}

const compileFragment =
  (condition: string | undefined, select: Select, schema: GraphQLSchema): Part =>
  (source, result) => {
    const typename = source['__typename']
    if (condition === undefined || typeof typename !== 'string' || !isOfType(schema, typename, condition)) return true
    const selected = select(source)
    if (selected) merge(result, selected)
    return true
  }

/** Under which key the response holds a field: its alias where a plan had to give it one. */
const sourceKey = ({ alias, name }: QueryPlanFieldNode): string => alias ?? name

const sentKey = ({ name }: QueryPlanFieldNode): string => name
