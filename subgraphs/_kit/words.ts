const most = 12
const longest = 40

/**
 * The words of texts, each once, as a search compares them: letters and digits in lower case, without accents (Unicode
 * NFKD, marks removed), so that every store finds the same.
 */
export const wordsIn = (...texts: readonly string[]): string[] => [
  ...new Set(
    texts
      .join(' ')
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu)
      ?.map((word) => word.slice(0, longest)) ?? [],
  ),
]

/** The words of a search, at most 12. No word at all finds everything. */
export const searchedWords = (search: string | null | undefined): string[] => wordsIn(search ?? '').slice(0, most)

/** The filter for documents whose words, in an indexed field, begin with each of the searched ones. */
export const withWords = (field: string, words: readonly string[]): object =>
  // Words are letters and digits only, so nothing in them means anything to a pattern.
  words.length === 0 ? {} : { $and: words.map((word) => ({ [field]: { $regex: `^${word}` } })) }
