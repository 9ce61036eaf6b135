import type { CompletionEventKind } from '../.generated/completions.ts'

/** Something that happened to an answer. */
export type AnswerEvent = {
  readonly position: number
  readonly kind: CompletionEventKind
  readonly text: string | null
}

/** An answer as far as it has come. */
export type Answer = {
  readonly position: number
  readonly text: string
  readonly state: 'waiting' | 'writing' | 'done' | 'failed'
}

/** An answer of which nothing is known yet. */
export const unanswered: Answer = { position: 0, text: '', state: 'waiting' }

/** An answer after one more event. What is told again, after the connection was lost, changes nothing. */
export const withEvent = (answer: Answer, { position, kind, text }: AnswerEvent): Answer => {
  if (position <= answer.position) return answer
  switch (kind) {
    case 'STARTED':
    case 'RESTARTED':
      return { position, text: '', state: 'writing' }
    case 'TOKEN':
      return { position, text: answer.text + (text ?? ''), state: 'writing' }
    case 'DONE':
      return { ...answer, position, state: 'done' }
    case 'FAILED':
      return { position, text: text ?? 'No model could answer.', state: 'failed' }
    default:
      return answer
  }
}
