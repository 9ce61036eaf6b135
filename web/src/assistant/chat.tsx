import { BookMarked, SendHorizontal } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useClient, useQuery } from 'urql'
import { AnswersDocument, CompleteDocument } from '../.generated/completions.ts'
import { RecallDocument, RememberDocument } from '../.generated/memories.ts'
import type { MemoryKind } from '../.generated/memories.ts'
import type { ErrorLike } from '../client/errors.ts'
import { useAction } from '../client/use-action.ts'
import { Button } from '../design/button.tsx'
import { Card } from '../design/card.tsx'
import { Select, inputStyle } from '../design/field.tsx'
import { FormError } from '../design/states.tsx'
import { randomKey } from '../shared/random-key.ts'
import { useIntent } from '../shared/use-intent.ts'
import { asQuestion, pastTurns } from './conversation.ts'
import type { Turn } from './conversation.ts'
import { kindOptions } from './kinds.ts'
import { TurnView } from './turns.tsx'

/** What is less like the question than this has nothing to do with it. */
const LEAST_SCORE = 0.25
const MOST_RECALLED = 5
const LONGEST = 2_000

/** Talking with the assistant: questions are answered from what it remembers. */
export const Chat = () => {
  const client = useClient()
  const [{ data: past }] = useQuery({ query: AnswersDocument })
  const [turns, setTurns] = useState<readonly Turn[]>([])
  const [text, setText] = useState('')
  const [kind, setKind] = useState<MemoryKind>('FACT')
  const [error, setError] = useState<ErrorLike>()
  const [busy, setBusy] = useState<'ask' | 'remember'>()
  const complete = useAction(CompleteDocument)
  const remember = useAction(RememberDocument)
  const keyFor = useIntent()
  const end = useRef<HTMLDivElement>(null)
  const here = new Set(turns.map((turn) => turn.key))
  const before = pastTurns(past?.me?.inferences?.edges.map(({ node }) => node) ?? [])
  const shown = [...before.filter((turn) => !here.has(turn.key)), ...turns]
  const count = shown.length
  useEffect(() => {
    if (count > 0) end.current?.scrollIntoView({ block: 'nearest' })
  }, [count])

  const act = async (what: 'ask' | 'remember', say: () => Promise<readonly Turn[]>): Promise<void> => {
    if (text.trim() === '' || busy !== undefined) return
    setBusy(what)
    setError(undefined)
    try {
      const said = await say()
      setTurns((known) => [...known, ...said])
      setText('')
    } catch (cause) {
      setError(cause as ErrorLike)
    } finally {
      setBusy(undefined)
    }
  }

  const ask = async (): Promise<readonly Turn[]> => {
    const prompt = asQuestion(text)
    const found = await client
      .query(
        RecallDocument,
        { query: prompt, first: MOST_RECALLED, minScore: LEAST_SCORE },
        { requestPolicy: 'network-only' },
      )
      .toPromise()
    if (found.error !== undefined) throw found.error
    const recalled = found.data?.recall ?? []
    const context = recalled.map(({ memory }) => memory.content)
    const content = { prompt, context }
    const { complete: inference } = await complete.attempt({ input: { ...content, idempotencyKey: keyFor(content) } })
    if (!inference) return []
    // The next time the same is asked, it is asked anew.
    keyFor(randomKey())
    return [
      { kind: 'question', key: `question ${inference.id}`, text: prompt },
      { kind: 'answer', key: `answer ${inference.id}`, inference: inference.id, recalled },
    ]
  }

  const keep = async (): Promise<readonly Turn[]> => {
    const content = { content: text.trim(), kind }
    const { remember: memory } = await remember.attempt({ input: { ...content, idempotencyKey: keyFor(content) } })
    if (!memory) return []
    keyFor(randomKey())
    return [
      { kind: 'told', key: `told ${memory.id}`, text: content.content },
      { kind: 'remembered', key: `remembered ${memory.id}`, memory },
    ]
  }

  return (
    <Card title="Assistant" quietTitle bodyClassName="flex min-h-[32rem] flex-col lg:h-[calc(100dvh-10rem)]">
      <div className="flex-1 overflow-y-auto p-4">
        {shown.length === 0 && (
          <div className="text-muted mx-auto max-w-md py-10 text-center">
            <p className="text-ink text-base font-medium">Tell me something, then ask me about it.</p>
            <p className="mt-1">
              “I take my tea without milk” — remember. “How do I drink tea?” — ask. Only you can reach what I remember
              of you.
            </p>
          </div>
        )}
        <ul aria-label="Conversation" className="space-y-3">
          {shown.map((turn) => (
            <TurnView key={turn.key} turn={turn} />
          ))}
        </ul>
        <div ref={end} />
      </div>
      <form
        aria-label="Message"
        className="border-line space-y-2 border-t p-3"
        onSubmit={(event) => {
          event.preventDefault()
          void act('ask', ask)
        }}
      >
        <textarea
          aria-label="Your message"
          rows={2}
          maxLength={LONGEST}
          placeholder="Ask, or tell me what to remember"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
            event.preventDefault()
            void act('ask', ask)
          }}
          className={`${inputStyle} resize-none py-2`}
        />
        <FormError error={error} />
        <div className="flex flex-wrap items-end justify-between gap-2">
          <div className="flex items-end gap-2">
            <Select
              label="Remember as"
              className="w-32"
              value={kind}
              options={kindOptions}
              onChange={(next) => setKind(next as MemoryKind)}
            />
            <Button busy={busy === 'remember'} disabled={text.trim() === ''} onClick={() => void act('remember', keep)}>
              <BookMarked aria-hidden className="size-4" /> Remember
            </Button>
          </div>
          <Button type="submit" look="primary" busy={busy === 'ask'} disabled={text.trim() === ''}>
            <SendHorizontal aria-hidden className="size-4" /> Ask
          </Button>
        </div>
      </form>
    </Card>
  )
}
