/** A number of points, or how to find it from the variables of a request. */
export type Amount = number | ((variables: Variables) => number)

export type Variables = Readonly<Record<string, unknown>>

/** The points of an amount for given variables. */
export const evaluate = (amount: Amount, variables: Variables): number =>
  typeof amount === 'number' ? amount : amount(variables)

/** Two amounts together. */
export const plus = (one: Amount, other: Amount): Amount => {
  if (typeof one === 'number' && typeof other === 'number') return one + other
  return (variables) => evaluate(one, variables) + evaluate(other, variables)
}

/** So many times an amount. */
export const times = (count: Amount, amount: Amount): Amount => {
  if (typeof count === 'number' && typeof amount === 'number') return count * amount
  return (variables) => evaluate(count, variables) * evaluate(amount, variables)
}

/** The largest of amounts; 0 of none. */
export const largest = (amounts: readonly Amount[]): Amount => {
  if (amounts.every((amount) => typeof amount === 'number')) return Math.max(0, ...amounts)
  return (variables) => Math.max(0, ...amounts.map((amount) => evaluate(amount, variables)))
}

/** An amount where a condition holds, else 0. */
export const where = (holds: (variables: Variables) => boolean, amount: Amount): Amount =>
  amount === 0 ? 0 : (variables) => (holds(variables) ? evaluate(amount, variables) : 0)
