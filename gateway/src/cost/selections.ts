import { Kind, isAbstractType } from 'graphql'
import type { FieldNode, FragmentDefinitionNode, GraphQLCompositeType, GraphQLSchema, SelectionSetNode } from 'graphql'
import { conditionsOf } from '../selections.ts'
import type { Condition } from '../selections.ts'

/** What has to hold for a selection to be part of the answer (`@skip`, `@include`). */
export type Conditions = readonly Condition[]

/** All that a selection asks for under one response key. */
export type SelectedField = {
  readonly key: string
  readonly nodes: readonly FieldNode[]
  /** The type on which it is selected. */
  readonly parent: GraphQLCompositeType
  /** It is asked for where one of these holds. */
  readonly alternatives: readonly Conditions[]
}

/** What a selection asks of whatever it meets, and what of objects of single types, of which it meets one at a time. */
export type SelectedFields = {
  readonly common: readonly SelectedField[]
  readonly byType: ReadonlyMap<string, readonly SelectedField[]>
}

type Group = Map<string, { nodes: FieldNode[]; parent: GraphQLCompositeType; alternatives: Conditions[] }>

/**
 * Sorts what is selected on a type by response key. Its work grows with the size of the document, and not with the number
 * of types that may be met: a client chooses both.
 */
export const selectedFields = (
  schema: GraphQLSchema,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  parent: GraphQLCompositeType,
  selectionSets: readonly SelectionSetNode[],
): SelectedFields => {
  const common: Group = new Map()
  const byType = new Map<string, Group>()

  const visitFragment = (
    condition: string | undefined,
    selectionSet: SelectionSetNode,
    on: GraphQLCompositeType,
    group: Group,
    conditions: Conditions,
  ): void => {
    const type = condition === undefined ? on : schema.getType(condition)
    if (!type || !('astNode' in type) || type.name === on.name) return visit(selectionSet, on, group, conditions)
    const composite = type as GraphQLCompositeType
    if (isAbstractType(composite) || !isAbstractType(on)) return visit(selectionSet, composite, group, conditions)
    const own: Group = byType.get(composite.name) ?? new Map()
    byType.set(composite.name, own)
    visit(selectionSet, composite, own, conditions)
  }

  const visit = ({ selections }: SelectionSetNode, on: GraphQLCompositeType, group: Group, outer: Conditions): void => {
    for (const selection of selections) {
      const own = conditionsOf(selection.directives)
      if (own === 'never') continue
      const conditions = [...outer, ...own]
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value
        const entry = group.get(key) ?? { nodes: [], parent: on, alternatives: [] }
        group.set(key, entry)
        entry.nodes.push(selection)
        entry.alternatives.push(conditions)
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        visitFragment(selection.typeCondition?.name.value, selection.selectionSet, on, group, conditions)
      } else {
        const fragment = fragments.get(selection.name.value)
        if (fragment) visitFragment(fragment.typeCondition.name.value, fragment.selectionSet, on, group, conditions)
      }
    }
  }

  for (const selectionSet of selectionSets) visit(selectionSet, parent, common, [])
  return {
    common: listOf(common),
    byType: new Map([...byType].map(([name, group]) => [name, listOf(group)])),
  }
}

const listOf = (group: Group): SelectedField[] => [...group].map(([key, entry]) => ({ key, ...entry }))
