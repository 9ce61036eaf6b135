import { ArrowUp } from 'lucide-react'
import { useClient, useSubscription } from 'urql'
import { useState } from 'react'
import { FeedDocument, FeedUpdatedDocument } from '../.generated/feed.ts'
import { useSignedIn } from '../client/provider.tsx'
import { Button } from '../design/button.tsx'

/** Says that others have posted, and shows it when asked to: a text that is being read does not move by itself. */
export const NewPosts = () => {
  const me = useSignedIn()?.userId
  const client = useClient()
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set())
  const [{ data: waiting = new Set<string>() }] = useSubscription(
    { query: FeedUpdatedDocument, pause: me === undefined },
    (before: ReadonlySet<string> = new Set(), { feedUpdated: event }) => {
      if (event === null || event.post?.author.id === me) return before
      if (event.kind === 'PUBLISHED') return new Set([...before, event.postId])
      return new Set([...before].filter((id) => id !== event.postId))
    },
  )
  const count = [...waiting].filter((id) => !seen.has(id)).length
  const show = async (): Promise<void> => {
    setSeen(waiting)
    await client.query(FeedDocument, {}, { requestPolicy: 'network-only' }).toPromise()
    scrollTo({ top: 0, behavior: 'smooth' })
  }
  return (
    <output className="sticky top-20 z-20 flex justify-center empty:hidden">
      {count > 0 && (
        <Button
          look="primary"
          size="small"
          onClick={() => void show()}
          className="animate-rise shadow-float rounded-full!"
        >
          <ArrowUp aria-hidden className="size-4" /> {count === 1 ? '1 new post' : `${count} new posts`}
        </Button>
      )}
    </output>
  )
}
