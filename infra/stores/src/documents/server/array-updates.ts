import { refuse } from './errors.ts'
import { compileCondition, compileFilter } from './filter.ts'
import { isNumeric } from './numbers.ts'
import { isPattern } from './patterns.ts'
import type { Place } from './places.ts'
import { isOperatorDocument } from './query-operators.ts'
import { sortDocuments } from './sorting.ts'
import { compareValues, copyValue, equalValues, isDocument, typeName, valueKey } from './values.ts'
import type { Document } from './values.ts'

const arrayAt = (operator: string, place: Place): readonly unknown[] | undefined => {
  const value = place.get()
  if (value === undefined || Array.isArray(value)) return value
  throw refuse(
    'BadValue',
    `The field '${place.path.join('.')}' must be an array but is of type ${typeName(value)}, so ${operator} cannot be applied`,
  )
}

const integer = (name: string, value: unknown): number => {
  const number = Number(value)
  if (isNumeric(value) && Number.isInteger(number)) return number
  throw refuse('BadValue', `The value for ${name} must be an integer value`)
}

const isModifier = (argument: unknown): argument is Document => isDocument(argument) && '$each' in argument

const eachOf = (operator: string, argument: unknown): readonly unknown[] => {
  if (!isModifier(argument)) return [argument]
  const { $each: items } = argument
  if (Array.isArray(items)) return items
  throw refuse(
    'BadValue',
    `The argument to $each in ${operator} must be an array but it was of type: ${typeName(items)}`,
  )
}

const sorted = (items: readonly unknown[], specification: unknown): unknown[] => {
  if (isNumeric(specification)) {
    const direction = integer('$sort', specification)
    return items.toSorted((left, right) => compareValues(left, right) * direction)
  }
  if (!isDocument(specification)) throw refuse('BadValue', 'The $sort is invalid: use 1/-1 or a document of fields')
  const wrapped = items.map((item) => (isDocument(item) ? item : {}))
  const order = new Map(wrapped.map((document, index) => [document, items[index]]))
  return sortDocuments(wrapped, specification).map((document) => order.get(document))
}

const sliced = (items: readonly unknown[], count: number): unknown[] =>
  count < 0 ? items.slice(count) : items.slice(0, count)

/** `$push`, with `$each`, `$position`, `$sort` and `$slice`. */
export const push = (argument: unknown) => {
  const items = eachOf('$push', argument)
  const modifiers = isModifier(argument) ? argument : {}
  const unknown = Object.keys(modifiers).find((name) => !['$each', '$position', '$sort', '$slice'].includes(name))
  if (unknown !== undefined) throw refuse('BadValue', `Unrecognized clause in $push: ${unknown}`)
  return (place: Place): void => {
    const current = [...(arrayAt('$push', place) ?? [])]
    const position = '$position' in modifiers ? integer('$position', modifiers['$position']) : current.length
    current.splice(position, 0, ...items.map(copyValue))
    const ordered = '$sort' in modifiers ? sorted(current, modifiers['$sort']) : current
    place.set('$slice' in modifiers ? sliced(ordered, integer('$slice', modifiers['$slice'])) : ordered)
  }
}

export const addToSet = (argument: unknown) => {
  const items = eachOf('$addToSet', argument)
  return (place: Place): void => {
    const current = arrayAt('$addToSet', place) ?? []
    const keys = new Set(current.map(valueKey))
    const added = items.filter((item) => {
      const key = valueKey(item)
      return !keys.has(key) && keys.add(key)
    })
    if (added.length > 0 || place.get() === undefined) place.set([...current, ...added.map(copyValue)])
  }
}

const pullTest = (argument: unknown): ((item: unknown) => boolean) => {
  if (isPattern(argument) || isOperatorDocument(argument)) return compileCondition(argument).on
  if (!isDocument(argument)) return (item) => equalValues(item, argument)
  const filter = compileFilter(argument)
  return (item) => isDocument(item) && filter(item)
}

export const pull = (argument: unknown) => {
  const matches = pullTest(argument)
  return (place: Place): void => {
    const current = arrayAt('$pull', place)
    if (current !== undefined) place.set(current.filter((item) => !matches(item)))
  }
}

export const pullAll = (argument: unknown) => {
  if (!Array.isArray(argument)) throw refuse('BadValue', '$pullAll requires an array argument')
  const keys = new Set(argument.map(valueKey))
  return (place: Place): void => {
    const current = arrayAt('$pullAll', place)
    if (current !== undefined) place.set(current.filter((item) => !keys.has(valueKey(item))))
  }
}

export const pop = (argument: unknown) => {
  const end = Number(argument)
  if (end !== 1 && end !== -1) throw refuse('FailedToParse', '$pop expects 1 or -1')
  return (place: Place): void => {
    const current = arrayAt('$pop', place)
    if (current !== undefined) place.set(end === 1 ? current.slice(0, -1) : current.slice(1))
  }
}
