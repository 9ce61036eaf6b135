import { useEffect, useEffectEvent } from 'react'
import { useSubscription } from 'urql'
import { PostActivityDocument } from '../.generated/feed.ts'
import type { PostCardFragment } from '../.generated/feed.ts'
import { useSignedIn } from '../client/provider.tsx'
import { useToasts } from '../design/toasts.tsx'

const excerpt = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text)

/** Follows what happens to a post while it is in sight, and tells its author of others' likes and comments. */
export const usePostActivity = (post: PostCardFragment, visible: boolean): void => {
  const me = useSignedIn()?.userId
  const toasts = useToasts()
  const [{ data }] = useSubscription({
    query: PostActivityDocument,
    variables: { post: post.id },
    pause: me === undefined || !visible,
  })
  const activity = data?.postActivity
  const tell = useEffectEvent((event: NonNullable<typeof activity>) => {
    if (post.author.id !== me || event.actor.id === me) return
    const who = event.actor.handle
    if (event.kind === 'LIKED') toasts.show('liked', `${who} likes your post`, excerpt(post.text))
    if (event.kind !== 'COMMENTED') return
    toasts.show('done', `${who} commented on your post`, excerpt(event.comment?.text ?? ''))
  })
  useEffect(() => {
    if (activity) tell(activity)
  }, [activity])
}
