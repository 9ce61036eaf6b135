/**
 * Exact decimal numbers on integers: as much of them as an order ticket needs, and no more. The graph sends and takes
 * money and quantities as decimal strings; they never become floats on the way.
 */
export type Decimal = {
  /** The digits as a whole number. */
  readonly units: bigint
  /** How many of them stand behind the point. */
  readonly scale: number
}

const shape = /^([+-]?)(\d*)\.?(\d*)$/

/** Reads `12`, `12.50` or `.5`; undefined for anything else. */
export const parseDecimal = (text: string): Decimal | undefined => {
  const match = shape.exec(text.trim())
  if (match === null) return undefined
  const [, sign = '', whole = '', fraction = ''] = match
  if (whole === '' && fraction === '') return undefined
  const units = BigInt(whole + fraction)
  return { units: sign === '-' ? -units : units, scale: fraction.length }
}

/** Zero. */
export const zero: Decimal = { units: 0n, scale: 0 }

/** Reads a decimal that the graph sent. Throws when it is none, which would be a fault of the service. */
export const decimal = (text: string): Decimal => {
  const value = parseDecimal(text)
  if (value === undefined) throw new TypeError(`"${text}" is not a decimal number`)
  return value
}

const unitsAt = (value: Decimal, scale: number): bigint => value.units * 10n ** BigInt(scale - value.scale)

/** Below zero when a is less than b, above zero when it is more, zero when they are equal. */
export const compare = (a: Decimal, b: Decimal): number => {
  const scale = Math.max(a.scale, b.scale)
  const difference = unitsAt(a, scale) - unitsAt(b, scale)
  if (difference === 0n) return 0
  return difference < 0n ? -1 : 1
}

/** a + b */
export const add = (a: Decimal, b: Decimal): Decimal => {
  const scale = Math.max(a.scale, b.scale)
  return { units: unitsAt(a, scale) + unitsAt(b, scale), scale }
}

/** a - b */
export const subtract = (a: Decimal, b: Decimal): Decimal => add(a, { units: -b.units, scale: b.scale })

/** a × b */
export const multiply = (a: Decimal, b: Decimal): Decimal => ({ units: a.units * b.units, scale: a.scale + b.scale })

/** a ÷ b to so many decimals, the rest cut off. Dividing by zero throws a RangeError. */
export const divide = (a: Decimal, b: Decimal, scale: number): Decimal => {
  const shift = scale + b.scale - a.scale
  if (shift >= 0) return { units: (a.units * 10n ** BigInt(shift)) / b.units, scale }
  return { units: a.units / (b.units * 10n ** BigInt(-shift)), scale }
}

/** Whether a value is above zero. */
export const isPositive = (value: Decimal): boolean => value.units > 0n

/** Whether a value is a whole number of steps. */
export const isMultipleOf = (value: Decimal, step: Decimal): boolean => {
  const scale = Math.max(value.scale, step.scale)
  return unitsAt(value, scale) % unitsAt(step, scale) === 0n
}

/** The largest whole number of steps that is not above a value that is zero or more. */
export const floorTo = (value: Decimal, step: Decimal): Decimal => {
  const scale = Math.max(value.scale, step.scale)
  const units = unitsAt(value, scale)
  const size = unitsAt(step, scale)
  return { units: units - (units % size), scale }
}

/** As the graph takes it: no exponent, no zeros at the end. */
export const toText = (value: Decimal): string => {
  const digits = (value.units < 0n ? -value.units : value.units).toString().padStart(value.scale + 1, '0')
  const whole = digits.slice(0, digits.length - value.scale)
  const fraction = digits.slice(digits.length - value.scale).replace(/0+$/, '')
  return `${value.units < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}

/** How many decimals a number has that matter: 2 for `0.010` or `0.01`. */
export const decimalsOf = (text: string): number => {
  const [, fraction = ''] = toText(decimal(text)).split('.')
  return fraction.length
}

/** For drawing only (the height of a bar, a point of a chart): the nearest float. */
export const toDrawing = (value: Decimal): number => Number(toText(value))

/**
 * What a person typed, in the form that the graph takes; undefined when it is not plainly one number. A point always
 * separates decimals; a comma does where the locale writes it so. Thousands separators are refused, because `1,234` and
 * `1.234` are too easily taken for each other when money is at stake.
 */
export const readTyped = (text: string, locale?: string): Decimal | undefined => {
  const compact = text.replace(/[\s\u00a0\u202f]/g, '')
  const commaSeparates = new Intl.NumberFormat(locale).format(0.5).includes(',')
  const plain = commaSeparates && !compact.includes('.') ? compact.replace(',', '.') : compact
  return /^\d*\.?\d*$/.test(plain) ? parseDecimal(plain) : undefined
}
