import { addToSet, pop, pull, pullAll, push } from './array-updates.ts'
import { refuse } from './errors.ts'
import { NO_VARIABLES } from './expressions.ts'
import { bits, currentDate, extreme, increment, multiply, set, unset } from './field-updates.ts'
import { compileFilter } from './filter.ts'
import { matchedElement } from './matched-element.ts'
import { parsePath } from './paths.ts'
import { placeAt, placesAt } from './places.ts'
import type { ElementChoice, Place } from './places.ts'
import { compilePipeline } from './pipeline.ts'
import { copyValue, equalValues, isDocument } from './values.ts'
import type { Document } from './values.ts'

/** Makes the new form of a document; the given one stays as it is. */
export type Update = (document: Document, inserting: boolean) => Document

const OPERATORS: Readonly<Record<string, (argument: unknown) => (place: Place) => void>> = {
  $set: set,
  $setOnInsert: set,
  $unset: unset,
  $inc: increment,
  $mul: multiply,
  $min: extreme(1),
  $max: extreme(-1),
  $currentDate: currentDate,
  $bit: bits,
  $push: push,
  $addToSet: addToSet,
  $pull: pull,
  $pullAll: pullAll,
  $pop: pop,
}

const PIPELINE_STAGES = new Set(['$addFields', '$set', '$project', '$unset', '$replaceRoot', '$replaceWith'])

/**
 * Compiles an update: operators, a whole new document, or a pipeline.
 * Throws FailedToParse for an unknown operator, ConflictingUpdateOperators for two operators on one path; when it runs,
 * ImmutableField for a change of `_id`, and TypeMismatch, BadValue or PathNotViable for values that an operator cannot change.
 */
export const compileUpdate = (
  update: unknown,
  { filter, arrayFilters }: { filter: Document; arrayFilters: readonly unknown[] },
): Update => {
  if (Array.isArray(update)) return keepingId(byPipeline(update))
  if (!isDocument(update)) throw refuse('FailedToParse', 'Update argument must be either an object or an array')
  const operators = Object.keys(update).filter((name) => name.startsWith('$'))
  if (operators.length === 0) {
    return keepingId((document) =>
      '_id' in document && !('_id' in update) ? { _id: document['_id'], ...update } : update,
    )
  }
  if (operators.length < Object.keys(update).length) {
    throw refuse('DollarPrefixedFieldName', 'The update cannot mix operators and fields')
  }
  return keepingId(byOperators(update, filter, arrayFilters))
}

/** Whether an update replaces the whole document. */
export const isReplacement = (update: unknown): boolean =>
  isDocument(update) && !Object.keys(update).some((name) => name.startsWith('$'))

const keepingId =
  (update: Update): Update =>
  (document, inserting) => {
    const updated = update(document, inserting)
    if ('_id' in document && !equalValues(document['_id'], updated['_id'])) {
      throw refuse('ImmutableField', "Performing an update on the path '_id' would modify the immutable field '_id'")
    }
    return updated
  }

const byPipeline = (stages: readonly unknown[]): Update => {
  for (const stage of stages) {
    const [name = ''] = isDocument(stage) ? Object.keys(stage) : []
    if (!PIPELINE_STAGES.has(name)) throw refuse('InvalidOptions', `${name} is not allowed to be used within an update`)
  }
  const run = compilePipeline(stages, { collection: () => [] })
  return (document) => {
    const [result = document] = run([document], NO_VARIABLES)
    return copyValue(result)
  }
}

type Step = { path: string; onInsertOnly: boolean; apply: (document: Document, choice: ElementChoice) => void }

const byOperators = (update: Document, filter: Document, arrayFilters: readonly unknown[]): Update => {
  const steps = Object.entries(update).flatMap(([operator, fields]) => stepsOf(operator, fields))
  refuseConflicts(steps.map(({ path }) => path))
  const named = namedFilters(arrayFilters)
  for (const name of named.keys()) {
    if (!steps.some(({ path }) => path.includes(`$[${name}]`))) {
      throw refuse('FailedToParse', `The array filter for identifier '${name}' was not used in the update`)
    }
  }
  return (document, inserting) => {
    const updated = copyValue(document)
    const choice: ElementChoice = {
      matched: (arrayPath) => matchedElement(filter, document, arrayPath),
      accepts: (name, element) => {
        const test = named.get(name)
        if (test !== undefined) return test({ [name]: element })
        throw refuse('BadValue', `No array filter found for identifier '${name}'`)
      },
    }
    for (const step of steps) if (inserting || !step.onInsertOnly) step.apply(updated, choice)
    return updated
  }
}

const stepsOf = (operator: string, fields: unknown): Step[] => {
  if (!isDocument(fields)) {
    throw refuse('FailedToParse', `Modifiers operate on fields but we found another type: { ${operator}: … }`)
  }
  if (operator === '$rename') return Object.entries(fields).flatMap(([from, to]) => renameSteps(from, to))
  const compile = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined
  if (compile === undefined) throw refuse('FailedToParse', `Unknown modifier: ${operator}`)
  return Object.entries(fields).map(([path, argument]) => {
    requirePath(path)
    const apply = compile(argument)
    return {
      path,
      onInsertOnly: operator === '$setOnInsert',
      apply: (document, choice) => placesAt(document, parsePath(path), choice).forEach(apply),
    }
  })
}

const renameSteps = (from: string, to: unknown): Step[] => {
  if (typeof to !== 'string') throw refuse('BadValue', "The 'to' field for $rename must be a string")
  requirePath(from)
  requirePath(to)
  if (`${from}.${to}`.includes('$')) throw refuse('BadValue', `The fields of $rename may not be dynamic: ${from}`)
  const move = (document: Document): void => {
    const source = placeAt(document, parsePath(from))
    const value = source.get()
    if (value === undefined) return
    source.remove()
    placeAt(document, parsePath(to)).set(value)
  }
  return [
    { path: from, onInsertOnly: false, apply: move },
    { path: to, onInsertOnly: false, apply: () => undefined },
  ]
}

const requirePath = (path: string): void => {
  const parts = parsePath(path)
  if (parts.includes('')) throw refuse('BadValue', `The update path '${path}' contains an empty field name`)
  const positional = /^\$(?:\[\w*\])?$/
  const wrong = parts.find(
    (part) => part.startsWith('$') && !positional.test(part) && !['$ref', '$id', '$db'].includes(part),
  )
  if (wrong !== undefined) {
    throw refuse(
      'DollarPrefixedFieldName',
      `The dollar ($) prefixed field '${wrong}' in '${path}' is not valid for storage.`,
    )
  }
}

const refuseConflicts = (paths: readonly string[]): void => {
  const sorted = paths.toSorted()
  for (const [index, path] of sorted.entries()) {
    const next = sorted.slice(index + 1).find((other) => other === path || other.startsWith(`${path}.`))
    if (next !== undefined) {
      throw refuse('ConflictingUpdateOperators', `Updating the path '${next}' would create a conflict at '${path}'`)
    }
  }
}

/** Array filters by the name that their paths begin with. */
const namedFilters = (arrayFilters: readonly unknown[]): Map<string, (document: Document) => boolean> => {
  const named = new Map<string, (document: Document) => boolean>()
  for (const filter of arrayFilters) {
    const name = isDocument(filter) ? nameOf(filter) : undefined
    if (!isDocument(filter) || name === undefined) {
      throw refuse('FailedToParse', 'Cannot use an expression without a top-level field name in arrayFilters')
    }
    if (named.has(name)) {
      throw refuse('FailedToParse', `Found multiple array filters with the same top-level field name ${name}`)
    }
    named.set(name, compileFilter(filter))
  }
  return named
}

const nameOf = (filter: Document): string | undefined => {
  for (const [key, value] of Object.entries(filter)) {
    if (!key.startsWith('$')) return key.split('.')[0]
    const nested = Array.isArray(value) ? value.find(isDocument) : undefined
    if (nested !== undefined) return nameOf(nested)
  }
  return undefined
}
