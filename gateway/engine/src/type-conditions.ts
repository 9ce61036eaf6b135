import { isAbstractType, isInterfaceType, isObjectType } from 'graphql'
import type { GraphQLSchema } from 'graphql'

/** Tells whether objects of a named type (an interface too, where a subgraph knows no better) meet a type condition. */
export const isOfType = (schema: GraphQLSchema, typename: string, condition: string): boolean => {
  if (typename === condition) return true
  const type = schema.getType(typename)
  const conditionType = schema.getType(condition)
  if (!isAbstractType(conditionType)) return false
  return (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(conditionType, type)
}
