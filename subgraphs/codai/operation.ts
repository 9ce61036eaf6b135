import {
  GraphQLError,
  Kind,
  OperationTypeNode,
  TypeInfo,
  coerceInputValue,
  getNamedType,
  isInputObjectType,
  parse,
  typeFromAST,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import type {
  DocumentNode,
  FragmentDefinitionNode,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql'
import { isTemplate } from './template.ts'

/** An operation of a step, known to fit the graph. */
export type CheckedOperation = {
  isMutation: boolean
  /** Its variables, with an idempotency key wherever one was left out. */
  variables: Readonly<Record<string, unknown>>
  /** Whether what it answers has this path, by the names in the answer; numbers are places in lists. */
  answers(path: readonly string[]): boolean
}

/** Why an operation cannot be a step, in words that complete "The step …". */
export class OperationError extends Error {
  override readonly name = 'OperationError'
}

const keyField = 'idempotencyKey'
const ownKey = '{{ step.key }}'
const longestDocument = 10_000

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const parsed = (text: string): DocumentNode => {
  if (text.length > longestDocument) throw new OperationError(`is longer than ${longestDocument} characters.`)
  try {
    return parse(text, { maxTokens: 2_000 })
  } catch (error) {
    throw new OperationError(
      `is not valid GraphQL: ${error instanceof GraphQLError ? error.message : 'it cannot be read'}`,
    )
  }
}

const onlyOperation = (document: DocumentNode): OperationDefinitionNode => {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION)
  const [operation] = operations
  if (!operation || operations.length > 1) throw new OperationError('has to be exactly one operation.')
  if (operation.operation === OperationTypeNode.SUBSCRIPTION) throw new OperationError('cannot be a subscription.')
  const { selections } = operation.selectionSet
  if (
    operation.operation === OperationTypeNode.MUTATION &&
    (selections.length > 1 || selections[0]?.kind !== Kind.FIELD)
  ) {
    // One change for each step: else half of a step could be done.
    throw new OperationError('has to have exactly one field when it is a mutation.')
  }
  return operation
}

/** A key that is written out would be the same in every run; one that is left out can only be filled in in a variable. */
const requireKeysInVariables = (schema: GraphQLSchema, document: DocumentNode): void => {
  const types = new TypeInfo(schema)
  visit(
    document,
    visitWithTypeInfo(types, {
      ObjectField: ({ name, value }) => {
        if (name.value === keyField && value.kind === Kind.STRING)
          throw new OperationError(`has a fixed ${keyField}: pass it as a variable.`)
      },
      Argument: ({ name, value }) => {
        if (name.value === keyField && value.kind === Kind.STRING)
          throw new OperationError(`has a fixed ${keyField}: pass it as a variable.`)
      },
      ObjectValue: ({ fields }) => {
        const type = getNamedType(types.getInputType())
        const takesKey = isInputObjectType(type) && keyField in type.getFields()
        if (takesKey && !fields.some(({ name }) => name.value === keyField))
          throw new OperationError(`leaves out ${keyField}: pass it as a variable.`)
      },
    }),
  )
}

/** Adds the step's own key wherever an idempotency key is taken and none is given. */
const withKeys = (
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> => {
  const variables = { ...given }
  for (const { variable, type: typeNode } of operation.variableDefinitions ?? []) {
    const name = variable.name.value
    const type = getNamedType(typeFromAST(schema, typeNode))
    const value = variables[name]
    if (name === keyField && value === undefined) variables[name] = ownKey
    if (isInputObjectType(type) && keyField in type.getFields() && isObject(value)) {
      variables[name] = { ...value, [keyField]: value[keyField] ?? ownKey }
    }
  }
  const keys = [
    variables[keyField],
    ...Object.values(variables).map((value) => (isObject(value) ? value[keyField] : undefined)),
  ]
  if (keys.some((key) => typeof key === 'string' && !isTemplate(key))) {
    throw new OperationError(`has a fixed ${keyField}, which would be the same in every run: leave it out.`)
  }
  return variables
}

const checkVariables = (
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): void => {
  const declared = new Set((operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value))
  const unknown = Object.keys(variables).find((name) => !declared.has(name))
  if (unknown !== undefined) throw new OperationError(`has no variable "${unknown.slice(0, 60)}".`)
  for (const { variable, type: typeNode, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value
    const value = variables[name]
    if (value === undefined && (defaultValue !== undefined || typeNode.kind !== Kind.NON_NULL_TYPE)) continue
    const type = typeFromAST(schema, typeNode)
    if (!type) continue
    coerceInputValue(value ?? null, type as never, (path, invalid, error) => {
      // What a reference stands for is known only when the step is done.
      if (typeof invalid === 'string' && isTemplate(invalid)) return
      const place = [name, ...path].join('.')
      throw new OperationError(`has a wrong variable \`${place}\`: ${error.message}`)
    })
  }
}

const fieldsNamed = (
  selections: SelectionSetNode,
  name: string,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): (SelectionSetNode | undefined)[] =>
  selections.selections.flatMap((node) => {
    if (node.kind === Kind.FIELD) return (node.alias ?? node.name).value === name ? [node.selectionSet] : []
    const inner = node.kind === Kind.INLINE_FRAGMENT ? node.selectionSet : fragments.get(node.name.value)?.selectionSet
    return inner ? fieldsNamed(inner, name, fragments) : []
  })

/** Checks an operation and its variables against the graph. Throws `OperationError`. */
export const checkOperation = (schema: GraphQLSchema, text: string, given: unknown): CheckedOperation => {
  const document = parsed(text)
  const operation = onlyOperation(document)
  const [problem] = validate(schema, document, undefined, { maxErrors: 1 })
  if (problem) throw new OperationError(`does not fit the graph: ${problem.message}`)
  if (!isObject(given)) throw new OperationError('needs an object as its variables.')
  requireKeysInVariables(schema, document)
  const variables = withKeys(schema, operation, given)
  checkVariables(schema, operation, variables)
  const fragments = new Map(
    document.definitions
      .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  )

  const answers = (path: readonly string[]): boolean => {
    let places: (SelectionSetNode | undefined)[] = [operation.selectionSet]
    for (const part of path) {
      if (/^(\d+|\*)$/.test(part)) continue
      // What has no selection of its own is a scalar: JSON may have fields that no schema knows.
      if (places.includes(undefined)) return true
      places = places.flatMap((place) => (place ? fieldsNamed(place, part, fragments) : []))
      if (places.length === 0) return false
    }
    return true
  }
  return { isMutation: operation.operation === OperationTypeNode.MUTATION, variables, answers }
}
