import { countTokens, piecesOf } from './text.ts'
import { cosine } from './vectors.ts'

const mostSentences = 6
// How much likeness to the question counts against being unlike what is said already.
const relevanceWeight = 0.75
// What is less than half as like as the best has nothing to say.
const leastShare = 0.5

/** A sentence that could be part of an answer. */
export type Candidate = { sentence: string; vector: readonly number[] }

/**
 * Selects the sentences that answer a question best without saying the same twice (maximal marginal relevance:
 * J. Carbonell, J. Goldstein, SIGIR 1998), in the order in which they were given. At least one, though cut to `maxTokens`.
 */
export const selectSentences = (
  question: readonly number[],
  candidates: readonly Candidate[],
  maxTokens: number,
): string[] => {
  const left = candidates.map((candidate, index) => ({
    ...candidate,
    index,
    relevance: cosine(question, candidate.vector),
    repetition: 0,
  }))
  const least = leastShare * Math.max(...left.map(({ relevance }) => relevance))
  const chosen: { sentence: string; index: number }[] = []
  let tokens = 0
  while (left.length > 0 && chosen.length < mostSentences) {
    const worth = ({ relevance, repetition }: (typeof left)[number]): number =>
      relevanceWeight * relevance - (1 - relevanceWeight) * repetition
    const best = left.reduce((one, other) => (worth(other) > worth(one) ? other : one))
    left.splice(left.indexOf(best), 1)
    if (chosen.length > 0 && best.relevance < least) continue
    const length = countTokens(best.sentence)
    if (chosen.length > 0 && tokens + length > maxTokens) continue
    chosen.push(best)
    tokens += length
    for (const other of left) other.repetition = Math.max(other.repetition, cosine(best.vector, other.vector))
  }
  return chosen.toSorted((one, other) => one.index - other.index).map(({ sentence }) => sentence)
}

/** An answer in pieces, one for each token, at most `maxTokens`. */
export const answerPieces = (sentences: readonly string[], maxTokens: number): string[] =>
  piecesOf(sentences.join(' ')).slice(0, maxTokens)
