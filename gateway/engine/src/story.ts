import type { Written } from './prepare.ts'
import type { Fetch } from './types.ts'

/** What came of an operation so far: what it asked for last, and what then followed from each answer. */
export type State = {
  /** What it asks for as soon as it is in this state. */
  readonly asks: readonly Fetch[]
  readonly moves: { readonly number: number; readonly text: string; readonly to: State }[]
  /** The end of it. */
  written: Written | undefined
}

/** How an operation went once. */
export type Course = {
  /** What it asked for at first. */
  readonly asks: readonly Fetch[]
  /** The answers in the order in which they came, each by the number of its request, and what it asked for then. */
  readonly moves: readonly { readonly number: number; readonly text: string; readonly asks: readonly Fetch[] }[]
  readonly written: Written
}

/**
 * The courses of an operation, as a tree: they are one as long as the same answers came in the same order. What came in
 * several orders is kept once.
 */
export type Story = {
  readonly start: State
  readonly texts: Map<string, string>
  readonly ends: Written[]
  bytes: number
}

/** The state after the answer to a request; undefined where no such answer came so far. */
export const after = ({ moves }: State, number: number, text: string): State | undefined =>
  moves.find((move) => move.number === number && move.text === text)?.to

/** How long a story may be, and how many answers to one request it may tell of: each is compared with. */
const MOST_BYTES = 2_000_000
const MOST_MOVES = 32

/**
 * Adds a course to a story, or begins one. In: how an operation went, and how it went before. Out: the story of all;
 * undefined where that is longer than it may be.
 */
export const addCourse = (known: Story | undefined, course: Course): Story | undefined => {
  const story = known ?? { start: begin(course.asks), texts: new Map(), ends: [], bytes: sizeOf(course.asks) }
  let state = story.start
  for (const { number, text, asks } of course.moves) {
    let next = after(state, number, text)
    if (!next) {
      if (state.moves.length >= MOST_MOVES) return undefined
      next = begin(asks)
      state.moves.push({ number, text: keepText(story, text), to: next })
      story.bytes += sizeOf(asks)
    }
    state = next
  }
  state.written ??= keepEnd(story, course.written)
  return story.bytes > MOST_BYTES ? undefined : story
}

const keepText = (story: Story, text: string): string => {
  const kept = story.texts.get(text)
  if (kept !== undefined) return kept
  story.texts.set(text, text)
  story.bytes += text.length
  return text
}

const keepEnd = (story: Story, written: Written): Written => {
  const { data } = written
  const kept = data && story.ends.find((end) => end.data?.equals(data))
  if (kept) return kept
  story.ends.push(written)
  story.bytes += data?.length ?? 0
  return written
}

const begin = (asks: readonly Fetch[]): State => ({ asks, moves: [], written: undefined })

const OBJECT_BYTES = 200

const sizeOf = (asks: readonly Fetch[]): number => {
  let bytes = OBJECT_BYTES
  for (const { body } of asks) bytes += body.length + OBJECT_BYTES
  return bytes
}
