import { codedError, errorStatus } from '@codai/runtime'
import { Kind, print } from 'graphql'
import type { DocumentNode, OperationDefinitionNode } from 'graphql'
import {
  findConflict,
  findForeign,
  findRefused,
  prepare,
  readOperation,
  renameKeys,
  specialise,
  UnanswerableError,
} from '@codai/engine'
import type { Prepared } from '@codai/engine'
import type { QueryPlan } from '@apollo/query-planner'
import type { Operation } from '../operation.ts'
import { liveFieldsOf, selectLiveFields } from './live-fields.ts'
import { liveRuleOf } from './sharing.ts'

/** Plans an operation, given as text. */
export type Plan = (
  query: string,
  operationName: string | undefined,
  overrides: readonly string[] | undefined,
) => Promise<QueryPlan>

/** What the variables of `@skip` and `@include` are. */
export type Conditions = Readonly<Record<string, boolean>>

/**
 * Plans and compiles an operation for certain values of what its `@skip` and `@include` ask. Throws
 * GRAPHQL_VALIDATION_FAILED where subgraphs cannot answer it, or the planner would have them answer it wrong.
 */
export const prepareOperation = async (operation: Operation, conditions: Conditions, plan: Plan): Promise<Prepared> => {
  try {
    return await planAndCompile(operation, conditions, plan)
  } catch (error) {
    if (!(error instanceof UnanswerableError)) throw error
    throw codedError('GRAPHQL_VALIDATION_FAILED', error.message, {
      http: { status: errorStatus('GRAPHQL_VALIDATION_FAILED') },
    })
  }
}

const planAndCompile = async (operation: Operation, conditions: Conditions, plan: Plan): Promise<Prepared> => {
  const { graph, document, node, operationName } = operation
  const { schema, supergraphSchema: supergraph, fieldSets } = graph
  const conflict = findConflict(readOperation(schema, document, node), fieldSets.inputsWithArguments)
  if (conflict) throw new UnanswerableError(`${conflict.first} and ${conflict.second} cannot be answered together.`)
  const renamed = renameKeys(document, node, fieldSets.names)
  const certain = specialise(renamed.document, renamed.node, conditions)
  const liveFields = liveFieldsOf(document, liveRuleOf(operation))
  const planned = selectLiveFields(certain.document, certain.node, liveFields)
  const made = await plan(
    planned === document ? sourceOf(document) : print(planned),
    operationName,
    operation.overrides,
  )
  const refused = findRefused(made, fieldSets.unresolvable)
  if (refused) throw new UnanswerableError(`${refused.service} does not look up ${refused.type} by any key.`)
  const foreign = findForeign(made, supergraph, fieldSets.external)
  if (foreign) throw new UnanswerableError(`${foreign.service} cannot answer ${foreign.field} by itself.`)
  const { clientKey, isRenamed } = renamed
  return prepare({
    schema,
    supergraph,
    plan: made,
    document: renamed.document,
    node: renamed.node,
    ...(isRenamed && { clientKey }),
  })
}

const sourceOf = (document: DocumentNode): string => document.loc?.source.body ?? print(document)

/** The values of the named variables, their defaults filled in. Those of a wrong type are told of when it runs. */
export const readConditions = (names: readonly string[], { node, variables }: Operation): Conditions =>
  Object.fromEntries(
    names.map((name) => [name, (Object.hasOwn(variables, name) ? variables[name] : defaultOf(name, node)) === true]),
  )

const defaultOf = (name: string, { variableDefinitions = [] }: OperationDefinitionNode): unknown => {
  const value = variableDefinitions.find(({ variable }) => variable.name.value === name)?.defaultValue
  return value?.kind === Kind.BOOLEAN && value.value
}
