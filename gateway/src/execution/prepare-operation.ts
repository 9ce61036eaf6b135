import { codedError, errorStatus } from '@codai/runtime'
import type { CodedError } from '@codai/runtime'
import { Kind, print } from 'graphql'
import type { OperationDefinitionNode } from 'graphql'
import { prepare, renameKeys } from '@codai/engine'
import type { Prepared, Replays } from '@codai/engine'
import type { Operation } from '../operation.ts'
import { liveFieldsOf } from './live-fields.ts'
import { liveRuleOf } from './sharing.ts'

/** What the variables of `@skip` and `@include` are. */
export type Conditions = Readonly<Record<string, boolean>>

/**
 * Plans and compiles an operation for certain values of what its `@skip` and `@include` ask. Throws
 * GRAPHQL_VALIDATION_FAILED where subgraphs cannot answer it, or the planner would have them answer it wrong.
 */
export const prepareOperation = async (
  operation: Operation,
  conditions: Conditions,
  replays?: Replays,
): Promise<Prepared> => {
  const { graph, document, node, operationName, overrides = [], isInParts = false } = operation
  const planned = await graph.planner.plan({
    query: document.loc?.source.body ?? print(document),
    operationName,
    conditions,
    liveFields: liveFieldsOf(document, liveRuleOf(operation)),
    overrides,
    isInParts,
  })
  if ('refusal' in planned) throw unanswerable(planned.refusal)
  const { plan, writes, isRenamed } = planned
  return prepare({
    schema: graph.schema,
    supergraph: graph.supergraphTypes,
    plan,
    writes,
    replays,
    ...(isRenamed ? renameKeys(document, node, graph.addedByPlans) : { document, node }),
  })
}

const unanswerable = (message: string): CodedError =>
  codedError('GRAPHQL_VALIDATION_FAILED', message, { http: { status: errorStatus('GRAPHQL_VALIDATION_FAILED') } })

/** The values of the named variables, their defaults filled in. Those of a wrong type are told of when it runs. */
export const readConditions = (names: readonly string[], { node, variables }: Operation): Conditions =>
  Object.fromEntries(
    names.map((name) => [name, (Object.hasOwn(variables, name) ? variables[name] : defaultOf(name, node)) === true]),
  )

const defaultOf = (name: string, { variableDefinitions = [] }: OperationDefinitionNode): unknown => {
  const value = variableDefinitions.find(({ variable }) => variable.name.value === name)?.defaultValue
  return value?.kind === Kind.BOOLEAN && value.value
}
