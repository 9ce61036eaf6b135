import { GraphQLError } from 'graphql'
import type { FetchStep, Step } from './compile.ts'
import { answerErrors, lostErrors } from './errors.ts'
import { copy, getOwn, merge, setOwn } from './merge.ts'
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
  /** What the client selected: needed only where errors are told. */
  readonly selection: () => Selection
}

/** Runs steps. In: the steps, and a run. Out: the run's response and errors, filled. Never rejects for a failed fetch. */
export const runStep = async (step: Step, run: Run): Promise<void> => {
  switch (step.kind) {
    case 'fetch':
      return runFetch(step, run)
    case 'sequence':
      for (const next of step.steps) await runStep(next, run)
      return
    case 'parallel':
      await Promise.all(step.steps.map((next) => runStep(next, run)))
      return
    case 'condition': {
      const branch = run.coercedVariables[step.variable] === true ? step.yes : step.no
      if (branch) await runStep(branch, run)
    }
  }
}

/** What a fetch is about: the objects that get each answer, and how they were named to the subgraph. */
export type Asked = { readonly targets: readonly (readonly Data[])[]; readonly representations: string | undefined }

/** Sends one fetch and merges what it brings. */
export const runFetch = async (step: FetchStep, run: Run): Promise<void> => {
  const asked = ask(step, run)
  if (!asked) return
  let answer: Answer
  try {
    const body = step.bodyStart + variablesText(step, run.variables, asked.representations)
    answer = await run.send({ service: step.service, body, isRead: step.isRead })
  } catch (error) {
    run.errors.push(...lostErrors(step, run, asked, toGraphqlError(error)))
    return
  }
  receive(step, run, asked, answer)
}

/** Takes an answer to a fetch at the root as if it had just been sent: an event, which nobody asked for. */
export const receiveAtRoot = (step: FetchStep, run: Run, answer: Answer): void =>
  receive(step, run, { targets: [[run.root]], representations: undefined }, answer)

/** Finds what a fetch is about, equal entities once; undefined when there is nothing to ask. */
const ask = (step: FetchStep, run: Run): Asked | undefined => {
  const objects = step.place.objects(run.root)
  if (objects.length === 0) return undefined
  const { represent, distinguishTypes } = step
  if (!represent) return { targets: [objects], representations: undefined }

  const byText = new Map<string, Data[]>()
  const texts: string[] = []
  for (const object of objects) {
    const text = represent(object)
    if (text === undefined) continue
    const identity = distinguishTypes ? `${String(object['__typename'])} ${text}` : text
    const equal = byText.get(identity)
    if (equal) equal.push(object)
    else {
      byText.set(identity, [object])
      texts.push(text)
    }
  }
  if (texts.length === 0) return undefined
  return { targets: [...byText.values()], representations: `[${texts.join(',')}]` }
}

const variablesText = (step: FetchStep, variables: Variables, representations: string | undefined): string => {
  const parts: string[] = []
  for (const name of step.variables) {
    const text = Object.hasOwn(variables, name) ? JSON.stringify(variables[name]) : undefined
    if (text !== undefined) parts.push(`${JSON.stringify(name)}:${text}`)
  }
  if (representations !== undefined) parts.push(`"representations":${representations}`)
  return `${parts.join(',')}}}`
}

const receive = (step: FetchStep, run: Run, asked: Asked, answer: Answer): void => {
  const { data, errors } = answer
  if (errors && errors.length > 0) run.errors.push(...answerErrors(step, run, asked, answer))
  if (!data) {
    if (!errors || errors.length === 0) run.errors.push(...lostErrors(step, run, asked, malformed(step, 'no data')))
    return
  }
  if (!step.represent) {
    step.rewriteOutput?.(data)
    spread(step, asked.targets[0] ?? [], data)
    return
  }
  const entities = data['_entities']
  if (!Array.isArray(entities) || entities.length !== asked.targets.length) {
    // An error of the subgraph that lost the whole list was told above.
    if (entities === undefined || entities === null ? !errors?.length : true) {
      run.errors.push(...lostErrors(step, run, asked, malformed(step, 'entities that were not asked for')))
    }
    return
  }
  for (const [index, targets] of asked.targets.entries()) {
    const entity: unknown = entities[index]
    const [first] = targets
    if (!isRecord(entity) || !first) continue
    if (!getOwn(entity, '__typename')) setOwn(entity, '__typename', first['__typename'])
    step.rewriteOutput?.(entity)
    // A subgraph with an interface object calls it by the interface's name; the object's own is known better.
    if (!step.isObjectType(entity['__typename'])) delete entity['__typename']
    spread(step, targets, entity)
  }
}

/** Merges an answer into all objects that it is for. */
const spread = (step: FetchStep, targets: readonly Data[], answer: Data): void => {
  for (const [index, target] of targets.entries()) {
    const isLast = index === targets.length - 1
    merge(target, step.sharesAnswers || isLast ? answer : (copy(answer) as Data))
  }
}

const malformed = (step: FetchStep, what: string): GraphQLError =>
  new GraphQLError(`${step.service} answered with ${what}`, { extensions: { service: step.service } })

const toGraphqlError = (error: unknown): GraphQLError => {
  if (error instanceof GraphQLError) return error
  const originalError = error instanceof Error ? error : new Error(String(error))
  return new GraphQLError(originalError.message, { originalError })
}
