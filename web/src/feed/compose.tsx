import { useId, useRef, useState } from 'react'
import { PublishDocument } from '../.generated/feed.ts'
import { useSignedIn } from '../client/provider.tsx'
import { useAction } from '../client/use-action.ts'
import { Avatar } from '../design/avatar.tsx'
import { Button } from '../design/button.tsx'
import { classNames } from '../design/class-names.ts'
import { FormError } from '../design/states.tsx'
import { useToasts } from '../design/toasts.tsx'
import { randomKey } from '../shared/random-key.ts'
import { countCharacters, splitText } from '../shared/text.ts'

const most = 2_000
const boxStyle = 'w-full px-0 py-2 text-base leading-relaxed whitespace-pre-wrap break-words'

/** The same text below the letters of the box, in which mentions and topics have their colour. */
const Highlights = ({ text }: { text: string }) => (
  <div aria-hidden className={classNames(boxStyle, 'pointer-events-none col-start-1 row-start-1')}>
    {splitText(text).map((part) => (
      <span key={part.at} className={part.kind === 'text' ? undefined : 'text-accent'}>
        {part.text}
      </span>
    ))}
    {/* A line that ends the text would otherwise have no height. */}
    {'\u200b'}
  </div>
)

/** Where a post is written. */
export const Compose = () => {
  const me = useSignedIn()
  const id = useId()
  const toasts = useToasts()
  const [text, setText] = useState('')
  const { busy, error, run, clear } = useAction(PublishDocument)
  const key = useRef(randomKey())
  const length = countCharacters(text.trim())
  const left = most - length
  const ready = length > 0 && left >= 0

  const publish = async (): Promise<void> => {
    if (!ready || busy) return
    const data = await run({ input: { text: text.trim(), idempotencyKey: key.current } })
    if (!data?.post) return
    key.current = randomKey()
    setText('')
    toasts.show('done', 'Posted')
  }

  if (me === null) return null
  return (
    <form
      aria-label="New post"
      className="bg-surface border-line shadow-card focus-within:border-accent flex gap-3 rounded-xl border p-4"
      onSubmit={(event) => {
        event.preventDefault()
        void publish()
      }}
    >
      <Avatar handle={me.handle} />
      <div className="min-w-0 flex-1">
        <label htmlFor={id} className="sr-only">
          What is on your mind?
        </label>
        <div className="grid max-h-96 overflow-y-auto">
          <Highlights text={text} />
          <textarea
            id={id}
            value={text}
            rows={2}
            placeholder="What is on your mind? @people and #topics become links."
            aria-describedby={`${id}-left`}
            onChange={(event) => {
              clear()
              setText(event.target.value)
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) void publish()
            }}
            className={classNames(
              boxStyle,
              'placeholder:text-muted caret-ink col-start-1 row-start-1 resize-none overflow-hidden bg-transparent text-transparent outline-none',
            )}
          />
        </div>
        <FormError error={error} />
        <div className="border-line mt-1 flex items-center justify-end gap-3 border-t pt-3">
          <p
            id={`${id}-left`}
            className={classNames('figures text-xs', left < 0 ? 'text-down font-medium' : 'text-muted')}
          >
            {left < 0 ? `${-left} too many` : left < 200 ? `${left} left` : `${length} of ${most}`}
          </p>
          <Button type="submit" look="primary" size="small" busy={busy} disabled={!ready}>
            Post
          </Button>
        </div>
      </div>
    </form>
  )
}
