import { getNamedType, isAbstractType, isCompositeType, isObjectType } from 'graphql'
import type { GraphQLCompositeType, SelectionSetNode } from 'graphql'
import { ANY_CONDITIONS, collectFields, selectionsBelow } from './collect.ts'
import type { ClientOperation } from './operation.ts'

/** A field with arguments that another field needs as its input. */
export type InputWithArguments = { readonly path: string; readonly arguments: string }

/** Two fields of one object that need the same input with different arguments. */
export type Conflict = { readonly first: string; readonly second: string }

/**
 * Finds what the planner plans wrong without saying so: it fetches one input for both fields.
 *
 * In: the operation, and by `Type.field` the inputs that have arguments. Out: the first such pair.
 */
export const findConflict = (
  operation: ClientOperation,
  inputs: ReadonlyMap<string, readonly InputWithArguments[]>,
): Conflict | undefined => {
  const { schema, node } = operation
  const types = new Set([...inputs.keys()].map((coordinate) => coordinate.split('.')[0]))

  const inObject = (type: string, names: readonly string[]): Conflict | undefined => {
    const seen = new Map<string, { readonly field: string; readonly arguments: string }>()
    for (const name of names) {
      const field = `${type}.${name}`
      for (const input of inputs.get(field) ?? []) {
        const other = seen.get(input.path)
        if (other && other.arguments !== input.arguments) return { first: other.field, second: field }
        seen.set(input.path, { field, arguments: input.arguments })
      }
    }
    return undefined
  }

  // The same selections are met along as many ways as there are types at each level: they are looked at once.
  const ids = new Map<SelectionSetNode, number>()
  const visited = new Set<string>()
  const isVisited = (type: GraphQLCompositeType, sets: readonly SelectionSetNode[]): boolean => {
    const numbers = sets.map((set) => {
      const id = ids.get(set) ?? ids.size
      ids.set(set, id)
      return id
    })
    const key = `${type.name} ${numbers.join(' ')}`
    if (visited.has(key)) return true
    visited.add(key)
    return false
  }

  const visit = (type: GraphQLCompositeType, sets: readonly SelectionSetNode[]): Conflict | undefined => {
    if (isVisited(type, sets)) return undefined
    const objects = isAbstractType(type) ? schema.getPossibleTypes(type) : [type].filter(isObjectType)
    for (const object of objects) {
      const fields = [...collectFields(operation, object.name, sets, ANY_CONDITIONS).values()]
      const names = fields.flatMap((nodes) => nodes[0]?.name.value ?? [])
      const here = types.has(object.name) ? inObject(object.name, names) : undefined
      if (here) return here
      for (const nodes of fields) {
        const below = getNamedType(object.getFields()[nodes[0]?.name.value ?? '']?.type)
        const conflict = isCompositeType(below) ? visit(below, selectionsBelow(nodes)) : undefined
        if (conflict) return conflict
      }
    }
    return undefined
  }

  const root = schema.getRootType(node.operation)
  return inputs.size === 0 || !root ? undefined : visit(root, [node.selectionSet])
}
