import type { MemoryPartsFragment } from '../.generated/memories.ts'

/** A memory that an answer was given from. */
export type Recalled = { readonly score: number; readonly memory: MemoryPartsFragment }

/** Something that was said. */
export type Turn =
  | { readonly kind: 'question'; readonly key: string; readonly text: string }
  | {
      readonly kind: 'answer'
      readonly key: string
      readonly inference: string
      readonly recalled: readonly Recalled[]
    }
  | { readonly kind: 'told'; readonly key: string; readonly text: string }
  | { readonly kind: 'remembered'; readonly key: string; readonly memory: MemoryPartsFragment }
  | { readonly kind: 'past'; readonly key: string; readonly text: string }

type PastAnswer = { readonly id: string; readonly input: string | null; readonly output: string | null }

// What an answer was given from stands behind the question, in paragraphs of its own.
const questionIn = (input: string): string => input.split('\n\n')[0] ?? ''

/** A question as it is sent: one paragraph, so that it can be told from what it is to be answered from. */
export const asQuestion = (text: string): string => text.trim().replaceAll(/\n{2,}/g, '\n')

/** What was said before this page was opened, the oldest first. */
export const pastTurns = (answers: readonly PastAnswer[]): readonly Turn[] =>
  answers.toReversed().flatMap(({ id, input, output }): readonly Turn[] => {
    if (input === null || output === null) return []
    return [
      { kind: 'question', key: `question ${id}`, text: questionIn(input) },
      { kind: 'past', key: `answer ${id}`, text: output },
    ]
  })
