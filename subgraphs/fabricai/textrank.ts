import { topicWords } from './text.ts'

const damping = 0.85
const mostRounds = 100
const precision = 1e-4

const likeness = (one: ReadonlySet<string>, other: ReadonlySet<string>): number => {
  if (one.size < 2 || other.size < 2) return 0
  const [smaller, larger] = one.size < other.size ? [one, other] : [other, one]
  let shared = 0
  for (const word of smaller) if (larger.has(word)) shared += 1
  return shared / (Math.log(one.size) + Math.log(other.size))
}

/**
 * How central each sentence is among all: PageRank over a graph in which sentences that share words vote for each other
 * (R. Mihalcea, P. Tarau: TextRank: Bringing Order into Texts, EMNLP 2004, section 4).
 */
export const rankSentences = (sentences: readonly string[]): number[] => {
  const words = sentences.map(topicWords)
  const votes = words.map((one, row) => words.map((other, column) => (row === column ? 0 : likeness(one, other))))
  const totals = votes.map((row) => row.reduce((sum, vote) => sum + vote, 0))
  let scores = sentences.map(() => 1)
  for (let round = 0; round < mostRounds; round += 1) {
    const shares = scores.map((score, index) => (totals[index] === 0 ? 0 : score / (totals[index] ?? 1)))
    const next = votes.map(
      // The graph has no direction: what a sentence gives is what it gets.
      (row) => 1 - damping + damping * row.reduce((sum, vote, index) => sum + vote * (shares[index] ?? 0), 0),
    )
    const change = Math.max(...next.map((score, index) => Math.abs(score - (scores[index] ?? 0))), 0)
    scores = next
    if (change < precision) break
  }
  return scores
}

/** The most central sentences, in the order of the text; of equally central ones the earlier. */
export const summarySentences = (sentences: readonly string[], most: number): string[] => {
  const scores = rankSentences(sentences)
  const best = scores
    .map((score, index) => ({ score, index }))
    .toSorted((one, other) => other.score - one.score || one.index - other.index)
    .slice(0, most)
  return best.toSorted((one, other) => one.index - other.index).map(({ index }) => sentences[index] ?? '')
}
