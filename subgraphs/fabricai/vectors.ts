/** The cosine of the angle between two vectors of length 1. */
export const cosine = (one: readonly number[], other: readonly number[]): number =>
  one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0)

/** Shares that add up to 1: the likelier, the larger (softmax; the sharper, the lower the temperature). */
export const shares = (scores: readonly number[], temperature: number): number[] => {
  const highest = Math.max(...scores)
  const weights = scores.map((score) => Math.exp((score - highest) / temperature))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}
