import type { GraphQLSchema } from 'graphql'
import { badInput } from '../_kit/index.ts'
import { OperationError, checkOperation } from './operation.ts'
import type { CheckedOperation } from './operation.ts'
import type { WorkflowStepRecord } from './records.ts'
import { malformedIn, referencesOf } from './template.ts'
import type { Reference } from './template.ts'

export type WorkflowStepInput = {
  name: string
  operation: string
  variables?: unknown
  attempts?: number | undefined
  timeoutSeconds?: number | undefined
  compensation?: { operation: string; variables?: unknown } | null | undefined
}

const mostSteps = 20
const mostAttempts = 10
const longestTimeoutSeconds = 60
const largestTemplate = 20_000
// What is referred to may be large: this bounds how often it is written.
const mostReferences = 100
const namePattern = /^[A-Za-z]\w{0,39}$/

const field = 'steps'
const refuse = (step: string, problem: string): Error =>
  badInput(`The step "${step.slice(0, 40)}" ${problem}`, { field })

/** How large a JSON value is, in characters; endless for one that is nested too deeply to be written. */
export const sizeOf = (value: unknown): number => {
  try {
    return JSON.stringify(value).length
  } catch {
    return Infinity
  }
}

const isKnown = ([root, name, ...rest]: Reference, earlier: ReadonlyMap<string, CheckedOperation>): boolean => {
  if (root === 'input') return name !== undefined
  if (root === 'owner' || root === 'run') return name === 'id' && rest.length === 0
  if (root === 'step') return name === 'key' && rest.length === 0
  return root === 'steps' && earlier.get(name ?? '')?.answers(rest) === true
}

const check = (
  schema: GraphQLSchema,
  { operation, variables: given }: { operation: string; variables?: unknown },
  earlier: ReadonlyMap<string, CheckedOperation>,
): CheckedOperation => {
  const variables = given ?? {}
  if (sizeOf(variables) > largestTemplate) {
    throw new OperationError(`has variables of more than ${largestTemplate} characters.`)
  }
  const malformed = malformedIn(variables)
  if (malformed !== undefined) throw new OperationError(`has braces that are no reference: ${malformed.slice(0, 100)}`)
  const checked = checkOperation(schema, operation, variables)
  const references = referencesOf(checked.variables)
  if (references.length > mostReferences) throw new OperationError(`has more than ${mostReferences} references.`)
  const unknown = references.find((reference) => !isKnown(reference, earlier))
  if (unknown) throw new OperationError(`refers to \`${unknown.join('.')}\`, which nothing before it gives.`)
  return checked
}

const readStep = (
  schema: GraphQLSchema,
  step: WorkflowStepInput,
  earlier: Map<string, CheckedOperation>,
): WorkflowStepRecord => {
  const { name, operation, attempts = 5, timeoutSeconds = 15, compensation } = step
  if (!namePattern.test(name)) {
    throw badInput('A step is named by 1 to 40 letters, digits and underscores, a letter first.', { field })
  }
  if (earlier.has(name)) throw refuse(name, 'is there twice.')
  if (attempts < 1 || attempts > mostAttempts) throw refuse(name, `is tried 1 to ${mostAttempts} times.`)
  if (timeoutSeconds < 1 || timeoutSeconds > longestTimeoutSeconds) {
    throw refuse(name, `takes 1 to ${longestTimeoutSeconds} seconds.`)
  }
  try {
    const checked = check(schema, step, earlier)
    earlier.set(name, checked)
    const undo = compensation && check(schema, compensation, earlier)
    if (undo && !undo.isMutation) throw new OperationError('is undone by something that is no mutation.')
    return {
      name,
      operation,
      variables: checked.variables,
      attempts,
      timeoutSeconds,
      compensation: compensation && undo ? { operation: compensation.operation, variables: undo.variables } : null,
    }
  } catch (error) {
    if (error instanceof OperationError) throw refuse(name, error.message)
    throw error
  }
}

/** The steps of a workflow, checked against the graph. BAD_USER_INPUT names the step that is wrong. */
export const readSteps = (schema: GraphQLSchema, steps: readonly WorkflowStepInput[]): WorkflowStepRecord[] => {
  if (steps.length < 1 || steps.length > mostSteps) {
    throw badInput(`A workflow has 1 to ${mostSteps} steps.`, { field })
  }
  const earlier = new Map<string, CheckedOperation>()
  return steps.map((step) => readStep(schema, step, earlier))
}

/** The names of what a run of these steps has to be given, in the order in which they are needed. */
export const inputsOf = (steps: readonly WorkflowStepRecord[]): string[] => {
  const references = steps.flatMap(({ variables, compensation }) => referencesOf([variables, compensation?.variables]))
  return [...new Set(references.flatMap(([root, name]) => (root === 'input' && name !== undefined ? [name] : [])))]
}
