const sentenceSegmenter = new Intl.Segmenter('en', { granularity: 'sentence' })

// Words are cut into pieces of 20 letters, so that scripts without spaces, and nonsense, count for what they are.
const tokenPattern = /[\p{L}\p{M}\p{N}]{1,20}|[^\s\p{L}\p{M}\p{N}]/gu

const wordPattern = /[\p{L}\p{M}\p{N}]+/gu

/** More than this cannot be counted in a moment; it is more than any model here takes. In characters. */
export const longestText = 400_000

/** How many tokens a text has, as the built-in models count them: words, numbers and signs. */
export const countTokens = (text: string): number => text.match(tokenPattern)?.length ?? 0

/** A text in pieces, one for each token; together they are the text, but for space at its ends. */
export const piecesOf = (text: string): string[] => text.trim().match(/\s*(?:[\p{L}\p{M}\p{N}]{1,20}|\S)/gu) ?? []

/** The sentences of a text, by the rules of Unicode (UAX #29), without space around them. */
export const sentencesOf = (text: string): string[] =>
  // A line that ends without a full stop, as in lists, is a sentence too.
  text
    .split(/\n+/)
    .flatMap((line) => [...sentenceSegmenter.segment(line)])
    .map(({ segment }) => segment.trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence))

// Words that say nothing of what a sentence is about.
const emptyWords = new Set(
  (
    'a about above after again all also am an and any are as at be because been before being below between both but by ' +
    'can could did do does doing down during each few for from further had has have having he her here hers him his how ' +
    'i if in into is it its just me more most my no nor not now of off on once only or other our ours out over own same ' +
    'she should so some such than that the their theirs them then there these they this those through to too under until ' +
    'up us very was we were what when where which while who whom why will with would you your yours'
  ).split(' '),
)

/** The different words of a text that say what it is about, in lower case. */
export const topicWords = (text: string): ReadonlySet<string> =>
  new Set((text.toLowerCase().match(wordPattern) ?? []).filter((word) => word.length > 1 && !emptyWords.has(word)))
