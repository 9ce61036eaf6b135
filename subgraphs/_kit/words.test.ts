import { expect, test } from 'vitest'
import { searchedWords, withWords, wordsIn } from './words.ts'

test('words are compared without case, accents and punctuation, each once', () => {
  expect(wordsIn('Șapcă de vară — ȘAPCĂ, "Café"', 'USB-C 3')).toEqual(['sapca', 'de', 'vara', 'cafe', 'usb', 'c', '3'])
})

test('a search has at most twelve words, and none when nothing is searched', () => {
  expect(searchedWords('a b c d e f g h i j k l m n')).toHaveLength(12)
  expect([searchedWords(null), searchedWords('  .* '), searchedWords(undefined)]).toEqual([[], [], []])
})

test('every searched word has to begin a word of the document', () => {
  expect(withWords('words', ['lam', 'oak'])).toEqual({
    $and: [{ words: { $regex: '^lam' } }, { words: { $regex: '^oak' } }],
  })
  expect(withWords('words', [])).toEqual({})
})
