import type { Answer } from '@codai/engine'
import { Kind, print, visit } from 'graphql'
import type { DocumentNode, FieldNode, OperationDefinitionNode, SelectionSetNode } from 'graphql'
import type { LiveRule } from '../graph/live.ts'
import { fragmentsOf } from '../selections.ts'

/** What the gateway has to know of an event to share it. */
export type Mark = {
  /** What the event is the newest state of. */
  readonly key?: string
  /** Its place in a sequence. */
  readonly number?: number
}

/** The one field of a subscription's root: its first node, where it is selected several times. */
export const rootField = (document: DocumentNode, node: OperationDefinitionNode): FieldNode | undefined => {
  const fragments = fragmentsOf(document)
  const find = (set: SelectionSetNode | undefined): FieldNode | undefined => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) return selection
      const below = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
      const found = find(below?.selectionSet)
      if (found) return found
    }
    return undefined
  }
  return find(node.selectionSet)
}

/** By names that nothing in the client's document has, the fields of a rule. */
export type LiveFields = ReadonlyMap<string, string>

export const liveFieldsOf = (document: DocumentNode, rule: LiveRule | undefined): LiveFields => {
  const source = document.loc?.source.body ?? print(document)
  let prefix = 'live'
  while (source.includes(prefix)) prefix += '_'
  return new Map(rule?.fields.map((name, index) => [`${prefix}${index}`, name]))
}

/** The document with fields selected beside what the client selects. */
export const selectLiveFields = (
  document: DocumentNode,
  node: OperationDefinitionNode,
  fields: LiveFields,
): DocumentNode => {
  const target = rootField(document, node)
  if (!target?.selectionSet || fields.size === 0) return document
  const added = [...fields].map(([alias, name]): FieldNode => ({
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: alias },
    name: { kind: Kind.NAME, value: name },
  }))
  const selectionSet = { ...target.selectionSet, selections: [...target.selectionSet.selections, ...added] }
  return visit(document, { Field: (field) => (field === target ? { ...field, selectionSet } : undefined) })
}

/** Compiles how events are marked that were asked for with `selectLiveFields`. */
export const createMarkReader = (document: DocumentNode, rule: LiveRule | undefined): ((event: Answer) => Mark) => {
  if (!rule || rule.kind === 'events') return () => ({})
  const aliases = [...liveFieldsOf(document, rule).keys()]
  return ({ data }) => {
    const [state] = Object.values(data ?? {})
    if (typeof state !== 'object' || state === null) return {}
    const values = aliases.map((alias): unknown => (state as Record<string, unknown>)[alias])
    if (rule.kind === 'state') return values.includes(undefined) ? {} : { key: JSON.stringify(values) }
    const [number] = values
    return typeof number === 'number' ? { number } : {}
  }
}
