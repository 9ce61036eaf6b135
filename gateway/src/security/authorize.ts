import { codedError, errorStatus } from '@codai/runtime'
import type { CodedError, ErrorCode, Identity } from '@codai/runtime'
import { Kind } from 'graphql'
import { rememberPerGraph } from '../graph/per-graph.ts'
import type { Operation } from '../operation.ts'
import { findSecured } from './secured.ts'
import type { SecuredSelection } from './secured.ts'
import type { Condition } from '../selections.ts'

/** Tells why a caller may not run an operation, or undefined when nothing stands against it. */
export type Authorize = (operation: Operation, identity: Identity) => CodedError | undefined

const REMEMBERED_OPERATIONS = 1_000

/** Enforces the graph's `@authenticated` and `@requiresScopes` on whole operations, before anything is fetched. */
export const createAuthorize = (): Authorize => {
  const remembered = rememberPerGraph<readonly SecuredSelection[]>(REMEMBERED_OPERATIONS)

  return (operation, identity) => {
    const secured = remembered(operation.graph, operation.key, () => findSecured(operation))
    for (const { field, requirement, conditions } of secured) {
      if (!conditions.every((condition) => mayHold(condition, operation))) continue
      if (identity.kind === 'anonymous') return refusal('UNAUTHENTICATED', `Sign in to use ${field}.`, field)
      const held = new Set(identity.kind === 'user' ? identity.scopes : [])
      const granted = requirement.scopes.every((alternatives) =>
        alternatives.some((scopes) => scopes.every((scope) => held.has(scope))),
      )
      if (!granted) return refusal('FORBIDDEN', `Your token's scopes do not allow ${field}.`, field)
    }
    return undefined
  }
}

const refusal = (code: ErrorCode, message: string, field: string): CodedError =>
  codedError(code, message, { field, http: { status: errorStatus(code) } })

/** Only a boolean that says no takes a selection out; a missing or malformed variable does not open a door. */
const mayHold = ({ variable, wanted }: Condition, { node, variables }: Operation): boolean => {
  if (Object.hasOwn(variables, variable)) return variables[variable] !== !wanted
  const definition = node.variableDefinitions?.find((candidate) => candidate.variable.name.value === variable)
  const fallback = definition?.defaultValue
  return fallback?.kind !== Kind.BOOLEAN || fallback.value === wanted
}
