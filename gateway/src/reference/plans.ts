import { buildOperationContext, executeQueryPlan } from '@apollo/gateway'
import type { ServiceMap } from '@apollo/gateway'
import type { PlanNode } from '@apollo/query-planner'
import type { Logger } from '@codai/runtime'
import { GraphQLError, getVariableValues } from 'graphql'
import type { Call, Operation, Result } from '../operation.ts'
import type { ReferencePlanner } from './planner.ts'

type RequestContext = Parameters<typeof executeQueryPlan>[2]

/** Runs a plan with `@apollo/gateway`'s executor, which merges, shapes, completes nulls and places errors. */
export const runPlan = async (
  node: PlanNode | undefined,
  services: ServiceMap,
  operation: Operation,
  call: Call,
  logger: Logger,
  { supergraphSchema, apiSchema }: ReferencePlanner,
): Promise<Result> => {
  const { graph, document, operationName, variables } = operation
  // The executor reads these four; the rest of Apollo Server's context belongs to plugins it does not call.
  const requestContext = { logger, request: { variables }, context: call, metrics: {} } as unknown as RequestContext
  const result = await executeQueryPlan(
    { kind: 'QueryPlan', ...(node && { node }) },
    services,
    requestContext,
    buildOperationContext({
      schema: graph.schema,
      operationDocument: document,
      ...(operationName !== undefined && { operationName }),
    }),
    supergraphSchema,
    apiSchema,
  )
  return readable(result)
}

/** The errors that variables of the wrong types give, before any plan is made. */
export const variableErrors = ({ graph, node, variables }: Operation): readonly GraphQLError[] =>
  getVariableValues(graph.schema, node.variableDefinitions ?? [], { ...variables }).errors ?? []

/**
 * The executor tells of values that break the schema (a null where none may be) only in an extension; a client that
 * gets null must find an error for it where errors are looked for.
 */
const readable = ({ data, errors, extensions }: Awaited<ReturnType<typeof executeQueryPlan>>): Result => {
  const invalid = (extensions?.['valueCompletion'] ?? []) as readonly GraphQLError[]
  const all = [...(errors ?? []).map(withService), ...invalid]
  return { ...(data !== undefined && { data }), ...(all.length > 0 && { errors: all }) }
}

/** One name for one thing: the executor calls a subgraph `serviceName`, the coded table calls it `service`. */
const withService = (error: GraphQLError): GraphQLError => {
  const { serviceName, ...rest } = error.extensions ?? {}
  if (typeof serviceName !== 'string') return error
  const { message, path, originalError } = error
  const extensions = { ...rest, service: serviceName.replace(EVENT_SUFFIX, '') }
  return new GraphQLError(message, { path: path ?? null, originalError: originalError ?? null, extensions })
}

/** Marks the service that answers a subscription's first fetch with the event that just came. */
export const EVENT_SUFFIX = ' (event)'
