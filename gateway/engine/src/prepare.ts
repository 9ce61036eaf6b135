import type { QueryPlan } from '@apollo/query-planner'
import { OperationTypeNode, getVariableValues } from 'graphql'
import type { DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode } from 'graphql'
import { written } from './bytes.ts'
import { compilePlan } from './compile.ts'
import type { DeferredPart, FetchStep, Step } from './compile.ts'
import { createDelivery } from './deliver.ts'
import type { Patches } from './deliver.ts'
import { withPath } from './errors.ts'
import { receiveAtRoot, runStep, toGraphqlError } from './execute.ts'
import type { Run } from './execute.ts'
import { createLater } from './later.ts'
import { conditionVariables, readOperation } from './operation.ts'
import { createOutput } from './output.ts'
import { fetchesOf, labelsOf } from './plans.ts'
import { isSelectedAt, partOf, selectionOf } from './selection.ts'
import type { Replays } from './replays.ts'
import type { Selection } from './selection.ts'
import type { Answer, Path, Send, Variables } from './types.ts'
import { compileWriter } from './write.ts'
import type { WriteData } from './write.ts'
import { readWrites } from './writes.ts'
import type { Writes } from './writes.ts'

/** What a client gets. */
export type Written = {
  /** The data as JSON in UTF-8; null when an error took all of it, undefined when nothing ran. */
  readonly data?: Buffer | null
  readonly errors: readonly GraphQLError[]
}

/** An operation that is planned and compiled: it can be run any number of times, at the same time too. */
export type Prepared = {
  readonly plan: QueryPlan
  /** Runs a query or mutation. Rejects with `AnswerTooLargeError` where the answer would be that. */
  readonly run: (variables: Variables, send: Send) => Promise<Written>
  /** Runs a query or mutation of which parts come later (`deferring`): each when it is there. */
  readonly deliver: (variables: Variables, send: Send) => Promise<Delivered>
  /** The first request of a subscription; undefined when the operation is none. */
  readonly subscription: SubscriptionStart | undefined
  /** Runs what a subscription selects for one event. */
  readonly runEvent: (event: Answer, variables: Variables, send: Send) => Promise<Written>
  /** What is wrong with variables, which is to be told before anything runs. */
  readonly variableErrors: (variables: Variables) => readonly GraphQLError[]
}

/** A first answer, and what comes after it, if anything does. */
export type Delivered = { readonly first: Written; readonly next: (() => Promise<Patches>) | undefined }

export type SubscriptionStart = {
  readonly service: string
  readonly query: string
  readonly operationName: string | undefined
  readonly variables: (given: Variables) => Variables
}

export type PrepareOptions = {
  /** What clients see. */
  readonly schema: GraphQLSchema
  /** All types that there are; what fields they have is of no matter. */
  readonly supergraph: GraphQLSchema
  readonly document: DocumentNode
  readonly node: OperationDefinitionNode
  readonly plan: QueryPlan
  /** The client's key for one of the operation, where keys were renamed for planning (`renameKeys`). */
  readonly clientKey?: (key: string) => string
  /** What `readWrites` reads of the plan, where that was done before. */
  readonly writes?: readonly Writes[]
  /** Where queries that are answered as before find what was made of it; without them all is made anew. */
  readonly replays?: Replays | undefined
}

/** Past this many, combinations of `@skip` and `@include` are compiled anew each time. */
const REMEMBERED_WRITERS = 32

/** Compiles a planned operation. In: the operation, its plan and the schemas. Out: what runs it. */
export const prepare = (options: PrepareOptions): Prepared => {
  const { schema, supergraph, document, node, plan, clientKey, writes = readWrites(plan), replays } = options
  const operation = readOperation(schema, document, node)
  const conditions = conditionVariables(operation)
  const writers = new Map<string, WriteData>()
  const planned = plan.node
  const writesByFetch = new Map(fetchesOf(plan).map((fetch, index) => [fetch, writes[index]]))
  const primary = planned?.kind === 'Subscription' ? planned.primary : undefined
  const primaryStep = primary && compileFirst(compilePlan(primary, supergraph, writesByFetch))
  const rest = planned?.kind === 'Subscription' ? planned.rest : planned
  const step: Step | undefined = rest && compilePlan(rest, supergraph, writesByFetch)

  const labels = labelsOf(plan)
  /** Answers to one operation are of much the same size. */
  let expectedBytes: number | undefined

  const coerce = (variables: Variables): ReturnType<typeof getVariableValues> =>
    getVariableValues(schema, node.variableDefinitions ?? [], { ...variables })

  const writerFor = (variables: Variables, defers: boolean): WriteData => {
    const key = [defers, ...conditions.map((name) => variables[name] === true)].map(Number).join('')
    const known = writers.get(key)
    if (known) return known
    const writer = compileWriter(operation, variables, clientKey ?? ((key) => key), defers)
    if (writers.size < REMEMBERED_WRITERS) writers.set(key, writer)
    return writer
  }

  const createRun = (variables: Variables, coerced: Variables, send: Send): Run => {
    let selection: Selection | undefined
    return {
      root: Object.create(null),
      errors: [],
      variables,
      coercedVariables: coerced,
      send,
      isQuery: node.operation === OperationTypeNode.QUERY,
      questions: new Map(),
      uniform: new Map(),
      shared: new Set(),
      selection: () => (selection ??= selectionOf(operation, coerced)),
    }
  }

  const told = (errors: readonly GraphQLError[]): readonly GraphQLError[] =>
    clientKey ? errors.map((error) => renamed(error, clientKey)) : errors

  const execute = async (variables: Variables, send: Send, begin: (run: Run) => void): Promise<Written> => {
    const { coerced, errors } = coerce(variables)
    if (!coerced) return { errors }
    const run = createRun(variables, coerced, send)
    begin(run)
    if (step) await runStep(step, run)
    const output = createOutput(run.errors, variables, run.shared, expectedBytes)
    const data = writerFor(coerced, false)(run.root, output) ? written(output) : null
    expectedBytes = Math.ceil(output.length * 1.125)
    return { data, errors: told(run.errors) }
  }

  const deliver = async (variables: Variables, send: Send): Promise<Delivered> => {
    const { coerced, errors } = coerce(variables)
    if (!coerced) return { first: { errors }, next: undefined }
    const atOnce = createRun(variables, coerced, send)
    const first = partOf(operation, [node.selectionSet], coerced)
    const delivery = createDelivery({ ...atOnce, planned: labels, isOfFirst: (path) => isSelectedAt(first, path) })
    const runPart = async ({ step: part }: DeferredPart): Promise<void> => {
      try {
        if (part) await runStep(part, run)
      } catch (error) {
        run.errors.push(toGraphqlError(error))
      }
    }
    const run: Run = { ...atOnce, later: createLater({ run: runPart, onReady: delivery.ready }) }
    if (step) await runStep(step, run)
    const output = createOutput(run.errors, variables)
    const data = writerFor(coerced, true)(run.root, output) ? written(output) : null
    if (data === null) output.deferrals.length = 0
    const firstErrors = delivery.begin(output)
    const hasNext = delivery.hasNext()

    const next = async (): Promise<Patches> => {
      const { patches, hasNext } = await delivery.next()
      const path = (keys: Path): Path =>
        clientKey ? keys.map((key) => (typeof key === 'string' ? clientKey(key) : key)) : keys
      return {
        hasNext,
        patches: patches.map((patch) => ({ ...patch, path: path(patch.path), errors: told(patch.errors) })),
      }
    }
    return { first: { data, errors: told(firstErrors) }, next: hasNext ? next : undefined }
  }

  const run = (variables: Variables, send: Send): Promise<Written> => execute(variables, send, () => {})
  const replay = node.operation === OperationTypeNode.QUERY ? replays?.of(run) : undefined

  return {
    plan,
    run: replay ?? run,
    deliver,
    runEvent: (event, variables, send) =>
      execute(variables, send, (run) => {
        if (primaryStep) receiveAtRoot(primaryStep, run, event)
      }),
    subscription: primary && {
      service: primary.serviceName,
      query: primary.operation,
      operationName: primary.operationName,
      variables: (given) => pick(given, primary.variableUsages ?? []),
    },
    variableErrors: (variables) => coerce(variables).errors ?? [],
  }
}

const renamed = (error: GraphQLError, clientKey: (key: string) => string): GraphQLError => {
  if (!error.path) return error
  const path = error.path.map((key) => (typeof key === 'string' ? clientKey(key) : key))
  return withPath(error, path)
}

const compileFirst = (step: Step): FetchStep => {
  if (step.kind !== 'fetch') throw new Error('a subscription that does not begin with a fetch')
  return step.compiled()
}

const pick = (variables: Variables, names: readonly string[]): Variables =>
  Object.fromEntries(names.filter((name) => Object.hasOwn(variables, name)).map((name) => [name, variables[name]]))
