import { operationFromDocument } from '@apollo/federation-internals'
import type { Supergraph } from '@apollo/federation-internals'
import {
  findConflict,
  findForeign,
  findForgotten,
  findRefused,
  readOperation,
  readWrites,
  renameKeys,
  specialise,
} from '@codai/engine'
import { QueryPlanner } from '@apollo/query-planner'
import type { QueryPlan } from '@apollo/query-planner'
import { getOperationAST, parse } from 'graphql'
import type { DocumentNode } from 'graphql'
import { selectLiveFields } from '../execution/live-fields.ts'
import type { ReadSupergraph } from './read-supergraph.ts'
import type { PlanReply, PlanRequest } from './messages.ts'

/** Plans an operation of a document that is valid. It may take long, and nothing else runs meanwhile. */
export type PlanDocument = (
  document: DocumentNode,
  operationName: string | undefined,
  overrides?: readonly string[],
) => QueryPlan

export const createPlanDocument = (supergraph: Supergraph): PlanDocument => {
  const apiSchema = supergraph.apiSchema()
  const queryPlanner = new QueryPlanner(supergraph, { incrementalDelivery: { enableDefer: true } })

  return (document, operationName, overrides = []) => {
    const operation = operationFromDocument(apiSchema, document, operationName === undefined ? {} : { operationName })
    return queryPlanner.buildQueryPlan(operation, {
      overrideConditions: new Map(overrides.map((label) => [label, true])),
    })
  }
}

/**
 * Makes what plans operations, and finds those that the planner would have answered wrong, or that no subgraph can
 * answer. In: a supergraph, as read.
 */
export const createPlanOperation = (read: ReadSupergraph): ((request: PlanRequest) => PlanReply) => {
  const { supergraph, schema, supergraphSchema, fieldSets } = read
  const planDocument = createPlanDocument(supergraph)

  return ({ query, operationName, conditions, liveFields, overrides }) => {
    const document = parse(query)
    const node = getOperationAST(document, operationName)
    if (!node) throw new Error('the document has no such operation')
    const conflict = findConflict(readOperation(schema, document, node), fieldSets.inputsWithArguments)
    if (conflict) return { refusal: `${conflict.first} and ${conflict.second} cannot be answered together.` }
    const { clientKey, isRenamed, ...renamed } = renameKeys(document, node, fieldSets.names)
    const certain = specialise(renamed.document, renamed.node, conditions)
    const plan = planDocument(selectLiveFields(certain.document, certain.node, liveFields), operationName, overrides)
    const refused = findRefused(plan, fieldSets.unresolvable)
    if (refused) return { refusal: `${refused.service} does not look up ${refused.type} by any key.` }
    const foreign = findForeign(plan, supergraphSchema, fieldSets.external)
    if (foreign) return { refusal: `${foreign.service} cannot answer ${foreign.field} by itself.` }
    const forgotten = findForgotten(readOperation(schema, renamed.document, renamed.node), plan)
    if (forgotten) return { refusal: `No subgraph can answer ${forgotten.map(clientKey).join('.')}.` }
    return { plan: JSON.stringify(plan), writes: readWrites(plan), isRenamed }
  }
}
