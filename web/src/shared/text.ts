/** A stretch of a post's text, and where it begins. */
export type TextPart =
  | { readonly kind: 'text'; readonly at: number; readonly text: string }
  | { readonly kind: 'mention'; readonly at: number; readonly text: string; readonly handle: string }
  | { readonly kind: 'topic'; readonly at: number; readonly text: string; readonly name: string }
  | { readonly kind: 'link'; readonly at: number; readonly text: string; readonly href: string }

// A mention or topic starts a word: an address such as ada@example.org names nobody.
const pattern =
  /(?<![\p{L}\p{N}_])(?:@(\w{3,30})(?!\w)|#([\p{L}\p{N}_]{1,50})(?![\p{L}\p{N}_])|(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)]))/gu

/** Cuts a text into plain stretches, mentions (`@handle`), topics (`#topic`) and web addresses; joined they are the text again. */
export const splitText = (text: string): readonly TextPart[] => {
  const parts: TextPart[] = []
  let end = 0
  for (const match of text.matchAll(pattern)) {
    const [whole, handle, topic] = match
    if (match.index > end) parts.push({ kind: 'text', at: end, text: text.slice(end, match.index) })
    if (handle !== undefined) parts.push({ kind: 'mention', at: match.index, text: whole, handle })
    else if (topic !== undefined) parts.push({ kind: 'topic', at: match.index, text: whole, name: topic.toLowerCase() })
    else parts.push({ kind: 'link', at: match.index, text: whole, href: whole })
    end = match.index + whole.length
  }
  if (end < text.length) parts.push({ kind: 'text', at: end, text: text.slice(end) })
  return parts
}

/** How many characters a person sees: an emoji counts once. */
export const countCharacters = (text: string): number => {
  let count = 0
  for (const _ of new Intl.Segmenter().segment(text)) count += 1
  return count
}
