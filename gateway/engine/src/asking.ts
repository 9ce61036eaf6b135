import process from 'node:process'
import type { FetchStep } from './compile.ts'
import type { Run } from './execute.ts'
import { getOwn, setOwn } from './merge.ts'
import type { Represent } from './representations.ts'
import { isRecord } from './types.ts'
import type { Answer, Data, Variables } from './types.ts'

/** Entities that are asked for in one request. */
export type Batch = {
  /** One of the response's objects for each entity, in the order of the answer. */
  readonly firsts: Data[]
  readonly answer: Promise<Answer>
}

/** What a step is about: the objects that get each entity of an answer, by its index. */
export type Targets = ReadonlyMap<number, readonly Data[]>

type Asked = { readonly batch: Batch; readonly index: number }

/** What is asked, or was, of one kind of entity while an operation runs. */
export type Question = {
  /** Where the answer for an entity is, by its key. */
  readonly byKey: Map<string | number, Asked>
  /** The same by its representation, for those that have no simple key. */
  readonly byText: Map<string, Asked>
  /** The request that more can be asked with, until it is sent. */
  open: (Batch & { readonly texts: string[] }) | undefined
}

/**
 * Asks for the entities of a step: equal ones once, together with what other steps ask at the same moment, and nothing
 * that was answered before.
 *
 * In: the step, and the run with the response so far. Out: the requests that bring them, with the objects that each is for.
 */
export const askEntities = (step: FetchStep, run: Run): ReadonlyMap<Batch, Targets> => {
  const { represent } = step
  const asked = new Map<Batch, Map<number, Data[]>>()
  if (!represent) return asked
  const objects = objectsOf(step, run)
  const contextOf = step.readContexts?.(run.root)
  const alike = contextOf ? undefined : questionOf(step, run, '')
  for (const object of objects) {
    const context = contextOf?.(object) ?? ''
    const place = askOne(alike ?? questionOf(step, run, context), { step, run, context, represent }, object)
    if (!place) continue
    const { batch, index } = place
    let targets = asked.get(batch)
    if (!targets) asked.set(batch, (targets = new Map()))
    const equal = targets.get(index)
    if (equal) equal.push(object)
    else targets.set(index, [object])
  }
  return asked
}

/** A request to a subgraph as text. */
export const bodyOf = (
  step: FetchStep,
  variables: Variables,
  representations?: readonly string[],
  context = '',
): string => {
  const parts: string[] = context === '' ? [] : [context]
  for (const name of step.variables) {
    const text = Object.hasOwn(variables, name) ? JSON.stringify(variables[name]) : undefined
    if (text !== undefined) parts.push(`${JSON.stringify(name)}:${text}`)
  }
  if (representations) parts.push(`"representations":[${representations.join(',')}]`)
  return `${step.bodyStart}${parts.join(',')}}}`
}

type Asking = {
  readonly step: FetchStep
  readonly run: Run
  readonly context: string
  readonly represent: Represent
}

/** Finds where the answer for an entity is, or will be; undefined for one that lacks an input. */
const askOne = (question: Question, { step, run, context, represent }: Asking, object: Data): Asked | undefined => {
  const key = represent.keyOf(object)
  const known = key === undefined ? undefined : question.byKey.get(key)
  if (known) return known
  const text = represent(object)
  if (text === undefined) return undefined
  const identity = step.distinguishTypes ? `${String(object['__typename'])} ${text}` : text
  const equal = key === undefined ? question.byText.get(identity) : undefined
  if (equal) return equal

  const batch = (question.open ??= openBatch(question, step, run, context))
  batch.firsts.push(object)
  const asked = { batch, index: batch.texts.push(text) - 1 }
  if (key === undefined) question.byText.set(identity, asked)
  else question.byKey.set(key, asked)
  return asked
}

const questionOf = (step: FetchStep, run: Run, context: string): Question => {
  const name = step.question + context
  const known = run.questions.get(name)
  if (known) return known
  const question: Question = { byKey: new Map(), byText: new Map(), open: undefined }
  // Between the fields of a mutation entities change.
  if (run.isQuery || context !== '') run.questions.set(name, question)
  return question
}

const openBatch = (question: Question, step: FetchStep, run: Run, context: string): NonNullable<Question['open']> => {
  const texts: string[] = []
  const firsts: Data[] = []
  const { service, query, isRead } = step

  const send = async (): Promise<Answer> => {
    try {
      await turnEnd()
      question.open = undefined
      const body = bodyOf(step, run.variables, texts, context)
      const answer = (await run.send({ service, body, query, isRead, mayShare: run.isQuery })).read()
      const entities = entitiesOf(answer, texts.length)
      if (entities) finishEntities(step, entities, firsts)
      // Who asks after an error was answered asks anew, and is told of it at places of its own.
      if (!entities || answer.errors?.length) run.questions.delete(step.question + context)
      return answer
    } catch (error) {
      run.questions.delete(step.question + context)
      throw error
    }
  }
  return { texts, firsts, answer: send() }
}

/** The moment when all is done that can be done at once: the last of the steps that one answer made ready has asked. */
const turnEnd = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve))

/** The entities of an answer; undefined where it does not have one for each that was asked for. */
export const entitiesOf = ({ data }: Answer, count: number): readonly unknown[] | undefined => {
  const entities = data?.['_entities']
  return Array.isArray(entities) && entities.length === count ? entities : undefined
}

/** Makes what a subgraph says of entities fit for the response. */
const finishEntities = (step: FetchStep, entities: readonly unknown[], firsts: readonly Data[]): void => {
  for (const [index, entity] of entities.entries()) {
    if (!isRecord(entity)) continue
    if (!getOwn(entity, '__typename')) setOwn(entity, '__typename', firsts[index]?.['__typename'])
    step.rewriteOutput?.(entity)
    // A subgraph with an interface object calls it by the interface's name; the object's own is known better.
    if (!step.isObjectType(entity['__typename'])) delete entity['__typename']
  }
}

/** The objects that a step is about; where nothing tells equal ones apart, those are made one first. */
const objectsOf = (step: FetchStep, run: Run): readonly Data[] => {
  const { place, represent, isUniform } = step
  if (!represent || !isUniform) return place.objects(run.root)
  const known = run.uniform.get(place.name)
  if (known) return known

  const byKey = new Map<string | number, Data>()
  const byText = new Map<string, Data>()
  const objects = place.objects(run.root, (object) => {
    const key = represent.keyOf(object)
    const known = key === undefined ? undefined : byKey.get(key)
    if (known === object || !represent.saysAll(object)) return object
    const text = key === undefined ? represent(object) : undefined
    const equal = known ?? (text === undefined ? undefined : byText.get(text))
    if (equal) run.shared.add(equal)
    else if (key !== undefined) byKey.set(key, object)
    else if (text !== undefined) byText.set(text, object)
    return equal ?? object
  })
  run.uniform.set(place.name, objects)
  return objects
}
