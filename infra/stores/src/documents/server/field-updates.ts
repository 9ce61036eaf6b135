import { Timestamp } from 'bson'
import { refuse } from './errors.ts'
import { addNumbers, isNumeric, multiplyNumbers } from './numbers.ts'
import type { Numeric } from './numbers.ts'
import type { Place } from './places.ts'
import { compareValues, copyValue, isDocument, typeName } from './values.ts'

const arithmetic = (operator: string, argument: unknown, combine: (current: Numeric, argument: Numeric) => Numeric) => {
  if (!isNumeric(argument)) {
    throw refuse('TypeMismatch', `Cannot ${operator} with non-numeric argument of type ${typeName(argument)}`)
  }
  return (place: Place): void => {
    const current = place.get()
    if (current === undefined) {
      // On a missing field $inc sets its argument, and $mul sets a zero of the argument's type.
      return place.set(operator === '$inc' ? argument : multiplyNumbers(argument, 0))
    }
    if (!isNumeric(current)) {
      throw refuse(
        'TypeMismatch',
        `Cannot apply ${operator} to a value of non-numeric type. The field '${place.path.join('.')}' is of type ${typeName(current)}`,
      )
    }
    place.set(combine(current, argument))
  }
}

export const increment = (argument: unknown) => arithmetic('$inc', argument, addNumbers)
export const multiply = (argument: unknown) => arithmetic('$mul', argument, multiplyNumbers)

export const set = (argument: unknown) => (place: Place) => place.set(copyValue(argument))
export const unset = () => (place: Place) => place.remove()

/** `$min` (sign 1) and `$max` (sign -1). */
export const extreme = (sign: 1 | -1) => (argument: unknown) => (place: Place) => {
  const current = place.get()
  if (current === undefined || compareValues(argument, current) * sign < 0) place.set(copyValue(argument))
}

export const currentDate = (argument: unknown) => {
  const type = isDocument(argument) ? argument['$type'] : argument
  if (type !== true && type !== 'date' && type !== 'timestamp') {
    throw refuse('BadValue', "The '$type' string field of $currentDate is required to be 'date' or 'timestamp'")
  }
  return (place: Place): void => {
    const now = new Date()
    place.set(type === 'timestamp' ? new Timestamp({ t: Math.floor(now.getTime() / 1_000), i: 1 }) : now)
  }
}

type BitOperation = (current: bigint, argument: bigint) => bigint
const BIT_OPERATIONS: Readonly<Record<string, BitOperation>> = {
  and: (current, argument) => current & argument,
  or: (current, argument) => current | argument,
  xor: (current, argument) => current ^ argument,
}

const isBitNumber = (value: unknown): value is number | bigint => typeof value === 'bigint' || Number.isInteger(value)

export const bits = (argument: unknown) => {
  const operations = Object.entries(isDocument(argument) ? argument : {}).map(([name, operand]) => {
    const operation = Object.hasOwn(BIT_OPERATIONS, name) ? BIT_OPERATIONS[name] : undefined
    if (operation === undefined || !isBitNumber(operand)) {
      throw refuse('BadValue', 'The $bit modifier needs and, or, or xor with an integer')
    }
    return { operation, operand }
  })
  return (place: Place): void => {
    for (const { operation, operand } of operations) {
      const current = place.get() ?? 0
      if (!isBitNumber(current)) {
        throw refuse('BadValue', `Cannot apply $bit to a value of non-integral type ${typeName(current)}`)
      }
      const result = operation(BigInt(current), BigInt(operand))
      place.set(typeof current === 'bigint' || typeof operand === 'bigint' ? result : Number(result))
    }
  }
}
