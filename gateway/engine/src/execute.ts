import { GraphQLError } from 'graphql'
import type { DeferStep, DeferredPart, FetchStep, Step } from './compile.ts'
import { answerErrors, lostErrors } from './errors.ts'
import { askEntities, bodyOf, entitiesOf } from './asking.ts'
import type { Batch, Question, Targets } from './asking.ts'
import { copy, merge } from './merge.ts'
import type { Selection } from './selection.ts'
import { isRecord } from './types.ts'
import type { Answer, Data, Send, Variables } from './types.ts'

/** One execution of an operation, while it runs. */
export type Run = {
  /** The response under construction. */
  readonly root: Data
  readonly errors: GraphQLError[]
  /** As the client sent them: subgraphs fill in defaults. */
  readonly variables: Variables
  /** With defaults, for the plan's conditions. */
  readonly coercedVariables: Variables
  readonly send: Send
  /** Whether nothing changes while it runs: what was answered once holds to its end. */
  readonly isQuery: boolean
  /** By the steps' own `question`. */
  readonly questions: Map<string, Question>
  /** By the names of uniform places, the objects there. */
  readonly uniform: Map<string, readonly Data[]>
  /** Objects that stand at several places. */
  readonly shared: Set<Data>
  /** What the client selected: needed only where errors are told. */
  readonly selection: () => Selection
  /** Runs what comes later; without it, all is run at once. */
  readonly later?: Later
}

/** Runs the parts of an operation that come later. */
export type Later = {
  /** Takes parts on, which begin when what they need is there. */
  readonly add: (parts: readonly DeferredPart[]) => void
  /** Tells that fetches were done, or will not be. */
  readonly done: (ids: readonly string[]) => void
}

/** Runs steps. In: the steps, and a run. Out: the run's response and errors, filled. Never rejects for a failed fetch. */
export const runStep = async (step: Step, run: Run): Promise<void> => {
  switch (step.kind) {
    case 'fetch': {
      const fetch = step.compiled()
      await (fetch.represent ? runEntityFetch(fetch, run) : runRootFetch(fetch, run))
      if (fetch.id !== undefined) run.later?.done([fetch.id])
      return
    }
    case 'sequence':
      for (const next of step.steps) await runStep(next, run)
      return
    case 'parallel':
      await Promise.all(step.steps.map((next) => runStep(next, run)))
      return
    case 'condition': {
      const branch = run.coercedVariables[step.variable] === true ? step.yes : step.no
      if (branch) await runStep(branch, run)
      return
    }
    case 'defer':
      return runDefer(step, run)
  }
}

const runDefer = async ({ primary, parts, fetches }: DeferStep, run: Run): Promise<void> => {
  run.later?.add(parts)
  if (primary) await runStep(primary, run)
  if (run.later) run.later.done(fetches)
  else await Promise.all(parts.flatMap(({ step }) => (step ? [runStep(step, run)] : [])))
}

/** Fetches what a subgraph has at its root. */
const runRootFetch = async (step: FetchStep, run: Run): Promise<void> => {
  const objects = step.place.objects(run.root)
  if (objects.length === 0) return
  const { service, query, isRead } = step
  const targets: Targets = new Map([[0, objects]])
  const body = bodyOf(step, run.variables)
  const ask = async (): Promise<Answer> =>
    (await run.send({ service, body, query, isRead, mayShare: isRead && run.isQuery })).read()
  const answer = await received(step, run, targets, ask())
  if (answer) takeRoot(step, run, targets, answer)
}

/** Fetches entities, or finds that they are known or under way. */
const runEntityFetch = async (step: FetchStep, run: Run): Promise<void> => {
  const fetching: Promise<void>[] = []
  for (const [batch, targets] of askEntities(step, run)) fetching.push(fetchBatch(step, run, batch, targets))
  await Promise.all(fetching)
}

const fetchBatch = async (step: FetchStep, run: Run, batch: Batch, targets: Targets): Promise<void> => {
  const answer = await received(step, run, targets, batch.answer)
  if (answer) takeEntities(step, run, batch, targets, answer)
}

/** Takes an answer to a fetch at the root as if it had just been sent: an event, which nobody asked for. */
export const receiveAtRoot = (step: FetchStep, run: Run, answer: Answer): void =>
  takeRoot(step, run, new Map([[0, [run.root]]]), answer)

/** Waits for an answer; one that does not come is told as an error. */
const received = async (
  step: FetchStep,
  run: Run,
  targets: Targets,
  sent: Promise<Answer>,
): Promise<Answer | undefined> => {
  try {
    return await sent
  } catch (error) {
    run.errors.push(...lostErrors(step, run, targets, toGraphqlError(error)))
    return undefined
  }
}

const takeRoot = (step: FetchStep, run: Run, targets: Targets, answer: Answer): void => {
  const data = dataOf(step, run, targets, answer)
  if (!data) return
  step.rewriteOutput?.(data)
  spread(step, targets.get(0) ?? [], data)
}

const takeEntities = (step: FetchStep, run: Run, batch: Batch, targets: Targets, answer: Answer): void => {
  const data = dataOf(step, run, targets, answer)
  if (!data) return
  const entities = entitiesOf(answer, batch.firsts.length)
  if (!entities) {
    // An error of the subgraph that lost the whole list was told above.
    if (!data['_entities'] && answer.errors?.length) return
    run.errors.push(...lostErrors(step, run, targets, malformed(step, 'entities that were not asked for')))
    return
  }
  for (const [index, objects] of targets) {
    const entity = entities[index]
    if (isRecord(entity)) spread(step, objects, entity)
  }
}

/** The data of an answer, whose errors are told. */
const dataOf = (step: FetchStep, run: Run, targets: Targets, answer: Answer): Data | undefined => {
  const { data, errors = [] } = answer
  if (errors.length > 0) run.errors.push(...answerErrors(step, run, targets, answer))
  if (data) return data
  if (errors.length === 0) run.errors.push(...lostErrors(step, run, targets, malformed(step, 'no data')))
  return undefined
}

/** Merges an answer into all objects that it is for. */
const spread = (step: FetchStep, objects: readonly Data[], answer: Data): void => {
  for (const [index, object] of objects.entries()) {
    const isLast = index === objects.length - 1
    merge(object, step.sharesAnswers || isLast ? answer : (copy(answer) as Data))
  }
}

const malformed = (step: FetchStep, what: string): GraphQLError =>
  new GraphQLError(`${step.service} answered with ${what}`, { extensions: { service: step.service } })

export const toGraphqlError = (error: unknown): GraphQLError => {
  if (error instanceof GraphQLError) return error
  const originalError = error instanceof Error ? error : new Error(String(error))
  return new GraphQLError(originalError.message, { originalError })
}
