/** A stretch of a post's text, and where it begins. */
export type TextPart =
  | { readonly kind: 'text'; readonly at: number; readonly text: string }
  | { readonly kind: 'mention'; readonly at: number; readonly text: string; readonly handle: string }
  | { readonly kind: 'topic'; readonly at: number; readonly text: string; readonly name: string }
  | { readonly kind: 'link'; readonly at: number; readonly text: string; readonly href: string }

// The same words as in the service: marks belong to the letter before them, and what stands before or behind tells a
// mention or a topic from an address of mail or of the web.
const word = String.raw`[\p{L}\p{M}\p{N}_]`
const mention = String.raw`(?<![@#/]|${word})@([A-Za-z0-9_]{3,30})(?!@|${word})`
const topic = String.raw`(?<![#&/]|${word})#(?=${word}*\p{L})(${word}{1,50})(?!${word})`
const link = String.raw`(https?://[^\s<>"]+[^\s<>".,;:!?)])`
const pattern = new RegExp(`${mention}|${topic}|${link}`, 'gu')

// Letters that look alike name the same topic.
const topicName = (name: string): string => name.normalize('NFKC').toLowerCase()

/** Cuts a text into plain stretches, mentions (`@handle`), topics (`#topic`) and web addresses; joined they are the text again. */
export const splitText = (text: string): readonly TextPart[] => {
  const parts: TextPart[] = []
  let end = 0
  for (const match of text.matchAll(pattern)) {
    const [whole, handle, name] = match
    if (match.index > end) parts.push({ kind: 'text', at: end, text: text.slice(end, match.index) })
    if (handle !== undefined) parts.push({ kind: 'mention', at: match.index, text: whole, handle })
    else if (name !== undefined) parts.push({ kind: 'topic', at: match.index, text: whole, name: topicName(name) })
    else parts.push({ kind: 'link', at: match.index, text: whole, href: whole })
    end = match.index + whole.length
  }
  if (end < text.length) parts.push({ kind: 'text', at: end, text: text.slice(end) })
  return parts
}

/** How long a text is for the service: in characters of Unicode (code points). */
export const countCharacters = (text: string): number => Array.from(text).length
