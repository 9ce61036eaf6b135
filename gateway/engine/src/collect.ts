import { Kind, isAbstractType } from 'graphql'
import type { FieldNode, SelectionSetNode } from 'graphql'
import { deferLabel } from './deferring.ts'
import { isSelected } from './operation.ts'
import type { ClientOperation } from './operation.ts'
import { isOfType } from './type-conditions.ts'
import type { Variables } from './types.ts'

/** The selected fields of an object, by response key, in the order in which the response has them. */
export type Fields = ReadonlyMap<string, readonly FieldNode[]>

/** What is selected of an object, and comes later than its other fields. */
export type DeferredSelection = {
  readonly label: string
  readonly selectionSet: SelectionSetNode
  /** What the object must be for it to have the part: asked where that may be known only later. */
  readonly conditions: readonly string[]
}

/** Stands for all values that the variables of `@skip` and `@include` may have. */
export const ANY_CONDITIONS = 'any'

/**
 * Collects what selection sets select on objects of one type (GraphQL specification, section 6.3.2). Without a type,
 * what they select on any object. With a place for them, selections that come later are put there, and not among the
 * fields; of a type that is abstract, which an object has until its own is known, also those of the types it may have.
 *
 * In: the operation, a type's name, selection sets, the values of the variables that conditions ask, and where to put
 * what comes later. Out: the fields.
 */
export const collectFields = (
  { schema, fragments }: ClientOperation,
  typename: string | undefined,
  selectionSets: readonly SelectionSetNode[],
  conditions: Variables | typeof ANY_CONDITIONS,
  deferred?: DeferredSelection[],
): Fields => {
  const fields = new Map<string, FieldNode[]>()
  const visited = new Set<string>()

  const applies = (condition: string): boolean => typename === undefined || isOfType(schema, typename, condition)

  const mayApply = (condition: string): boolean => {
    const type = deferred && typename !== undefined ? schema.getType(typename) : undefined
    return isAbstractType(type) && schema.getPossibleTypes(type).some(({ name }) => isOfType(schema, name, condition))
  }

  /** Of what an object may turn out to be, only what comes later is looked for. */
  const visit = ({ selections }: SelectionSetNode, unmet: readonly string[]): void => {
    for (const selection of selections) {
      if (conditions !== ANY_CONDITIONS && !isSelected(selection, conditions)) continue
      if (selection.kind === Kind.FIELD) {
        if (unmet.length > 0) continue
        const key = selection.alias?.value ?? selection.name.value
        const known = fields.get(key)
        if (known) known.push(selection)
        else fields.set(key, [selection])
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value
        const isMet = condition === undefined || applies(condition)
        if (!isMet && !mayApply(condition)) continue
        const asked = isMet ? unmet : [...unmet, condition]
        const label = deferred && deferLabel(selection)
        if (label === undefined) visit(selection.selectionSet, asked)
        else deferred?.push({ label, selectionSet: selection.selectionSet, conditions: asked })
      } else if (!visited.has(selection.name.value)) {
        visited.add(selection.name.value)
        const fragment = fragments.get(selection.name.value)
        if (fragment && applies(fragment.typeCondition.name.value)) visit(fragment.selectionSet, unmet)
      }
    }
  }

  for (const set of selectionSets) visit(set, [])
  return fields
}

/** The selection sets below the nodes of one field. */
export const selectionsBelow = (nodes: readonly FieldNode[]): readonly SelectionSetNode[] =>
  nodes.flatMap(({ selectionSet }) => (selectionSet ? [selectionSet] : []))
