import { badInput, repetitionOf, requireKey } from '../_kit/index.ts'
import type { Repetition } from '../_kit/index.ts'
import type { CommentInput, PostInput } from '../.generated/sociai.ts'
import { handlesIn, topicsIn, wordsOf } from './text.ts'

const longestPost = 2_000
const longestComment = 1_000
const mostPictures = 4
const longestAddress = 2_048
const mostNames = 20

/** A post that was checked and read, and not yet published. */
export type PostDraft = {
  text: string
  mediaUrls: readonly string[]
  handles: readonly string[]
  topics: readonly string[]
  repetition: Repetition | undefined
}

/** A comment that was checked, and not yet written. */
export type CommentDraft = { post: string; text: string; repetition: Repetition | undefined }

const repetition = (key: string | null | undefined, content: readonly unknown[]): Repetition | undefined =>
  key == null ? undefined : repetitionOf(requireKey(key), content)

const pictureAddress = ({ protocol, href }: URL): string => {
  if (protocol !== 'https:') throw badInput('Addresses of pictures begin with `https`.', { field: 'mediaUrls' })
  if (href.length > longestAddress) {
    throw badInput('The address of a picture has at most 2,048 characters.', { field: 'mediaUrls' })
  }
  return href
}

const atMost = (names: readonly string[], what: string): readonly string[] => {
  if (names.length > mostNames) throw badInput(`A post names at most ${mostNames} ${what}.`, { field: 'text' })
  return names
}

/** Reads what a caller wants to publish. BAD_USER_INPUT, naming the limit, for what the schema does not allow. */
export const readPost = (input: PostInput): PostDraft => {
  const text = wordsOf(input.text, longestPost)
  const pictures = input.mediaUrls ?? []
  if (pictures.length > mostPictures) {
    throw badInput(`A post has at most ${mostPictures} pictures.`, { field: 'mediaUrls' })
  }
  const mediaUrls = pictures.map(pictureAddress)
  return {
    text,
    mediaUrls,
    handles: atMost(handlesIn(text), 'people'),
    topics: atMost(topicsIn(text), 'topics'),
    repetition: repetition(input.idempotencyKey, [text, mediaUrls]),
  }
}

/** As `readPost`, for a comment. */
export const readComment = ({ post, text: given, idempotencyKey }: CommentInput): CommentDraft => {
  const text = wordsOf(given, longestComment)
  return { post, text, repetition: repetition(idempotencyKey, [post, text]) }
}
