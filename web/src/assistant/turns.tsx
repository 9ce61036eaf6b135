import { BookMarked, CircleAlert, Sparkles } from 'lucide-react'
import type { ReactNode } from 'react'
import { useSubscription } from 'urql'
import { CompletionDocument } from '../.generated/completions.ts'
import { Badge } from '../design/badge.tsx'
import { classNames } from '../design/class-names.ts'
import { unanswered, withEvent } from './answer-text.ts'
import type { Answer } from './answer-text.ts'
import type { Recalled, Turn } from './conversation.ts'
import { kindWords } from './kinds.ts'

const Own = ({ children }: { children: ReactNode }) => (
  <li className="flex justify-end">
    <p className="bg-accent-solid max-w-[85%] rounded-2xl rounded-br-md px-4 py-2.5 whitespace-pre-line text-white">
      {children}
    </p>
  </li>
)

const Said = ({
  label,
  tone = 'plain',
  children,
}: {
  label: string
  tone?: 'plain' | 'failed'
  children: ReactNode
}) => (
  <li aria-label={label} className="flex gap-3">
    <span aria-hidden className="bg-accent-soft text-accent grid size-8 shrink-0 place-items-center rounded-full">
      {tone === 'failed' ? <CircleAlert className="size-4" /> : <Sparkles className="size-4" />}
    </span>
    <div
      className={classNames(
        'min-w-0 max-w-[85%] rounded-2xl rounded-tl-md px-4 py-2.5',
        tone === 'failed' ? 'bg-down-soft text-down' : 'bg-raised',
      )}
    >
      {children}
    </div>
  </li>
)

const Sources = ({ recalled }: { recalled: readonly Recalled[] }) => {
  if (recalled.length === 0) return <p className="text-muted mt-2 text-xs">From nothing that I remember.</p>
  return (
    <details className="mt-2 text-xs">
      <summary className="text-muted rounded">
        From {recalled.length} {recalled.length === 1 ? 'memory' : 'memories'}
      </summary>
      <ul aria-label="Recalled" className="mt-1.5 space-y-1.5">
        {recalled.map(({ score, memory }) => (
          <li key={memory.id} className="flex items-start gap-2">
            <Badge tone="accent">
              <span className="figures">{Math.round(score * 100)}%</span>
            </Badge>
            <span>{memory.content}</span>
          </li>
        ))}
      </ul>
    </details>
  )
}

/** An answer while it is written, and once it is there. */
const Live = ({ inference, recalled }: { inference: string; recalled: readonly Recalled[] }) => {
  const [{ data: answer = unanswered, error }] = useSubscription(
    { query: CompletionDocument, variables: { inference } },
    (known: Answer | undefined, { completion }) =>
      completion ? withEvent(known ?? unanswered, completion) : (known ?? unanswered),
  )
  const failed = answer.state === 'failed' || (error !== undefined && answer.state !== 'done')
  return (
    <Said label="Answer" tone={failed ? 'failed' : 'plain'}>
      <p
        aria-live="polite"
        aria-busy={answer.state === 'waiting' || answer.state === 'writing'}
        className="whitespace-pre-line"
      >
        {answer.text}
        {failed && answer.text === '' && 'The answer was lost. Please ask again.'}
        {!failed && answer.state !== 'done' && (
          <span
            aria-hidden
            className="bg-accent ml-0.5 inline-block h-4 w-1.5 animate-pulse rounded-sm align-text-bottom"
          />
        )}
      </p>
      {answer.state === 'done' && <Sources recalled={recalled} />}
    </Said>
  )
}

/** One thing that was said. */
export const TurnView = ({ turn }: { turn: Turn }) => {
  switch (turn.kind) {
    case 'question':
    case 'told':
      return <Own>{turn.text}</Own>
    case 'answer':
      return <Live inference={turn.inference} recalled={turn.recalled} />
    case 'past':
      return (
        <Said label="Answer">
          <p className="whitespace-pre-line">{turn.text}</p>
        </Said>
      )
    case 'remembered':
      return (
        <Said label="Remembered">
          <p className="flex items-center gap-2">
            <BookMarked aria-hidden className="text-accent size-4 shrink-0" />
            Remembered as {kindWords[turn.memory.kind].toLowerCase()}.
          </p>
        </Said>
      )
    default:
      return null
  }
}
