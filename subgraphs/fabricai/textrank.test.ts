import { expect, test } from 'vitest'
import { answerPieces, selectSentences } from './extract.ts'
import { countTokens, piecesOf, sentencesOf } from './text.ts'
import { rankSentences, summarySentences } from './textrank.ts'

test('a token is a word, a number or a sign; long words count for more', () => {
  expect(countTokens('Rent: 450 EUR, due on the 1st.')).toBe(10)
  expect(countTokens('x'.repeat(41))).toBe(3)
  expect(countTokens(' \n ')).toBe(0)
})

test('the pieces of a text are its tokens, and together the text', () => {
  const text = ' It’s 20 °C,\n and  sunny! '
  expect(piecesOf(text)).toHaveLength(countTokens(text))
  expect(piecesOf(text).join('')).toBe(text.trim())
})

test('sentences end at full stops and at the end of lines, and signs alone are none', () => {
  expect(sentencesOf('One. Two and 3.5 percent?\n- a list item\n\n...\n')).toEqual([
    'One.',
    'Two and 3.5 percent?',
    '- a list item',
  ])
})

test('a sentence that shares words with all others is more central than one that shares none', () => {
  const sentences = ['red green blue', 'red green yellow', 'red blue yellow green', 'nothing alike whatsoever']
  const scores = rankSentences(sentences)
  expect(Math.max(...scores)).toBe(scores[2])
  expect(Math.min(...scores)).toBe(scores[3])
  expect(summarySentences(sentences, 1)).toEqual([sentences[2]])
})

test('the ranks of the paper’s symmetric graph are those of PageRank', () => {
  // A chain of three: the middle one has two neighbours. By hand, with d = 0.85: m = 0.15 + 1.7 e, e = 0.15 + 0.425 m.
  const scores = rankSentences(['alpha beta gamma', 'gamma delta alpha epsilon', 'delta epsilon zeta'])
  const middle = (0.15 + 1.7 * 0.15) / (1 - 1.7 * 0.425)
  expect(scores[1]).toBeCloseTo(middle, 2)
  expect(scores.reduce((sum, score) => sum + score, 0)).toBeCloseTo(3, 2)
})

test('sentences without words in common, or a single one, keep their order', () => {
  expect(summarySentences(['first thing', 'second matter', 'third affair'], 2)).toEqual([
    'first thing',
    'second matter',
  ])
  expect(summarySentences(['alone'], 3)).toEqual(['alone'])
  expect(summarySentences([], 3)).toEqual([])
})

const candidate = (sentence: string, ...vector: number[]) => ({ sentence, vector })

test('an answer has what is like the question, once, in the order in which it was given', () => {
  const question = [1, 0, 0]
  const chosen = selectSentences(
    question,
    [
      candidate('Third best.', 0.7, 0.7, 0.1),
      candidate('Unlike.', 0.1, 0, 0.99),
      candidate('Best.', 0.99, 0.1, 0),
      candidate('Best, said again.', 0.98, 0.1, 0),
    ],
    100,
  )
  expect(chosen[0]).toBe('Third best.')
  expect(chosen).toContain('Best.')
  expect(chosen).not.toContain('Unlike.')
})

test('an answer is at most as long as was asked for, but never empty', () => {
  const long = candidate('one two three four five', 1, 0)
  const other = candidate('six seven', 0.9, 0.1)
  expect(selectSentences([1, 0], [long, other], 6)).toEqual([long.sentence])
  expect(selectSentences([1, 0], [long, other], 2)).toEqual([long.sentence])
  expect(answerPieces([long.sentence], 2).join('')).toBe('one two')
})
