import { Kind, getNamedType, isAbstractType, isCompositeType } from 'graphql'
import type { GraphQLCompositeType, GraphQLObjectType, GraphQLSchema, SelectionSetNode } from 'graphql'
import type { Operation } from '../operation.ts'
import type { Requirement } from './rules.ts'
import { conditionsOf, fragmentsOf } from '../selections.ts'
import type { Condition } from '../selections.ts'

export type SecuredSelection = {
  /** `Type.field` as selected. */
  readonly field: string
  readonly requirement: Requirement
  readonly conditions: readonly Condition[]
}

/** What is known of the objects that a selection set may meet. */
type Scope = {
  readonly parent: GraphQLCompositeType
  readonly possible: ReadonlySet<GraphQLObjectType>
  readonly conditions: readonly Condition[]
}

/**
 * Finds what an operation selects that is secured, in the order of the document. A field of an interface counts as
 * secured where it is so on any object that may answer for it, narrowed by the type conditions around it.
 */
export const findSecured = ({ graph, document, node }: Operation): readonly SecuredSelection[] => {
  const { schema, security } = graph
  if (security.types.size === 0 && security.fields.size === 0) return []
  const root = schema.getRootType(node.operation)
  if (!root) return []

  const fragments = fragmentsOf(document)
  const found: SecuredSelection[] = []

  const add = (field: string, conditions: readonly Condition[], requirement: Requirement | undefined): void => {
    if (requirement) found.push({ field, requirement, conditions })
  }

  const visitField = (name: string, selectionSet: SelectionSetNode | undefined, scope: Scope): void => {
    const { parent, possible, conditions } = scope
    if (name.startsWith('__') || !('getFields' in parent)) return
    const field = `${parent.name}.${name}`
    const type = getNamedType(parent.getFields()[name]?.type)
    add(field, conditions, security.types.get(parent.name))
    add(field, conditions, security.fields.get(field))
    for (const object of possible) {
      if (object === parent) continue
      add(field, conditions, security.types.get(object.name))
      add(field, conditions, security.fields.get(`${object.name}.${name}`))
    }
    if (!type) return
    add(field, conditions, security.types.get(type.name))
    if (!selectionSet || !isCompositeType(type)) return
    visit(selectionSet, { parent: type, possible: objectsOf(schema, type), conditions })
  }

  const visitFragment = (
    typeName: string | undefined,
    selectionSet: SelectionSetNode | undefined,
    scope: Scope,
  ): void => {
    const type = typeName === undefined ? scope.parent : schema.getType(typeName)
    if (!selectionSet || !isCompositeType(type)) return
    const matching = objectsOf(schema, type)
    const possible = new Set([...scope.possible].filter((object) => matching.has(object)))
    visit(selectionSet, { parent: type, possible, conditions: scope.conditions })
  }

  const visit = ({ selections }: SelectionSetNode, outer: Scope): void => {
    for (const selection of selections) {
      const conditions = conditionsOf(selection.directives)
      if (conditions === 'never') continue
      const scope = { ...outer, conditions: [...outer.conditions, ...conditions] }
      if (selection.kind === Kind.FIELD) visitField(selection.name.value, selection.selectionSet, scope)
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        visitFragment(selection.typeCondition?.name.value, selection.selectionSet, scope)
      } else {
        const fragment = fragments.get(selection.name.value)
        visitFragment(fragment?.typeCondition.name.value, fragment?.selectionSet, scope)
      }
    }
  }

  visit(node.selectionSet, { parent: root, possible: new Set([root]), conditions: [] })
  return found
}

const objectsOf = (schema: GraphQLSchema, type: GraphQLCompositeType): ReadonlySet<GraphQLObjectType> =>
  new Set(isAbstractType(type) ? schema.getPossibleTypes(type) : [type])
