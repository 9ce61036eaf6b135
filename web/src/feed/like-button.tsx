import { Heart } from 'lucide-react'
import { LikeDocument, UnlikeDocument } from '../.generated/feed.ts'
import type { PostCardFragment } from '../.generated/feed.ts'
import { explain } from '../client/errors.ts'
import { useSignedIn } from '../client/provider.tsx'
import { useAction } from '../client/use-action.ts'
import { classNames } from '../design/class-names.ts'
import { useToasts } from '../design/toasts.tsx'
import { useSignIn } from '../session/sign-in.tsx'

/** Likes a post or takes the like back; shown at once, and undone if the service says no. */
export const LikeButton = ({ post }: { post: PostCardFragment }) => {
  const signedIn = useSignedIn() !== null
  const openSignIn = useSignIn()
  const toasts = useToasts()
  const like = useAction(LikeDocument)
  const unlike = useAction(UnlikeDocument)
  const likes = post.viewerLikes === true
  const toggle = async (): Promise<void> => {
    if (!signedIn) {
      openSignIn()
      return
    }
    try {
      await (likes ? unlike : like).attempt({ post: post.id })
    } catch (error) {
      toasts.show('failed', 'That did not work', explain(error as Error).message)
    }
  }
  const count = `${post.likeCount} ${post.likeCount === 1 ? 'like' : 'likes'}`
  return (
    <button
      type="button"
      aria-pressed={likes}
      aria-label={`Like, ${count}`}
      onClick={() => void toggle()}
      className={classNames(
        'hover:bg-down-soft hover:text-down flex h-9 items-center gap-1.5 rounded-full px-2.5 transition',
        likes ? 'text-down' : 'text-muted',
      )}
    >
      <Heart key={String(likes)} aria-hidden className={classNames('size-4.5', likes && 'animate-beat fill-current')} />
      <span key={post.likeCount} aria-hidden className="figures animate-rise">
        {post.likeCount}
      </span>
    </button>
  )
}
