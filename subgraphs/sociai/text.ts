import { badInput } from '../_kit/index.ts'

// Marks belong to the letter before them, so that words of every script stay whole.
const wordCharacter = String.raw`[\p{L}\p{M}\p{N}_]`
// What stands before or behind tells a mention from an e-mail address or a part of a web address.
const mention = new RegExp(`(?<![@#/]|${wordCharacter})@([A-Za-z0-9_]{3,30})(?!@|${wordCharacter})`, 'gu')
const hashtag = new RegExp(`(?<![#&/]|${wordCharacter})#(${wordCharacter}{1,50})(?!${wordCharacter})`, 'gu')
const topic = new RegExp(`^${wordCharacter}{1,50}$`, 'u')

const distinct = (values: Iterable<string>): string[] => [...new Set(values)]

/** The handles that a text mentions, in lower case, each once, in the order of the text. */
export const handlesIn = (text: string): string[] =>
  distinct(Array.from(text.matchAll(mention), ([, handle = '']) => handle.toLowerCase()))

/**
 * The one form of a topic's name: without `#`, in lower case, letters that look alike made equal (Unicode NFKC).
 * Undefined for what cannot name a topic: 1 to 50 letters, digits and underscores, a letter among them.
 */
export const topicName = (name: string): string | undefined => {
  const normal = name.replace(/^#/, '').normalize('NFKC').toLowerCase()
  return topic.test(normal) && /\p{L}/u.test(normal) ? normal : undefined
}

/** The topics that a text names, each once, in the order of the text. */
export const topicsIn = (text: string): string[] =>
  distinct(Array.from(text.matchAll(hashtag), ([, name = '']) => topicName(name)).filter((name) => name !== undefined))

/** A text without blanks around it. BAD_USER_INPUT when it is empty, or longer than `most` characters (code points). */
export const wordsOf = (text: string, most: number): string => {
  const words = text.trim()
  if (words === '') throw badInput('Write something: an empty text says nothing.', { field: 'text' })
  const length = Array.from(words).length
  if (length > most) {
    const limit = most.toLocaleString('en')
    throw badInput(`The text has ${length.toLocaleString('en')} characters; at most ${limit} are allowed.`, {
      field: 'text',
    })
  }
  return words
}
