import { Ellipsis, MessageCircle, Trash2 } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { Link } from 'react-router'
import { DeletePostDocument } from '../.generated/feed.ts'
import type { PostCardFragment } from '../.generated/feed.ts'
import { explain } from '../client/errors.ts'
import { useSignedIn } from '../client/provider.tsx'
import { useAction } from '../client/use-action.ts'
import { Avatar } from '../design/avatar.tsx'
import { Button } from '../design/button.tsx'
import { useToasts } from '../design/toasts.tsx'
import { useNow, useVisible } from '../shared/hooks.ts'
import { formatAgo, formatMoment } from '../shared/time.ts'
import { LikeButton } from './like-button.tsx'
import { RichText } from './rich-text.tsx'
import { usePostActivity } from './use-post-activity.ts'

const OwnMenu = ({ post, onDeleted }: { post: PostCardFragment; onDeleted: (() => void) | undefined }) => {
  const toasts = useToasts()
  const { attempt } = useAction(DeletePostDocument)
  const remove = async (): Promise<void> => {
    try {
      await attempt({ post: post.id })
      toasts.show('done', 'Post deleted')
      onDeleted?.()
    } catch (error) {
      toasts.show('failed', 'The post was not deleted', explain(error as Error).message)
    }
  }
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <Button look="quiet" size="smallIcon" aria-label="More about this post">
          <Ellipsis aria-hidden className="size-4" />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          className="bg-surface border-line shadow-float animate-fade z-50 min-w-40 rounded-xl border p-1.5"
        >
          <DropdownMenu.Item
            onSelect={() => void remove()}
            className="data-highlighted:bg-down-soft text-down flex h-9 items-center gap-2.5 rounded-md px-2.5 outline-none"
          >
            <Trash2 aria-hidden className="size-4" /> Delete post
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

type PostCardProps = { readonly post: PostCardFragment; readonly onDeleted?: () => void }

/** A post. While it is in sight, likes and comments arrive live. */
export const PostCard = ({ post, onDeleted }: PostCardProps) => {
  const me = useSignedIn()?.userId
  const now = useNow()
  const [ref, visible] = useVisible<HTMLElement>()
  usePostActivity(post, visible)
  const { author } = post
  const comments = `${post.commentCount} ${post.commentCount === 1 ? 'comment' : 'comments'}`
  return (
    <article
      ref={ref}
      aria-label={`Post by ${author.handle}`}
      className="bg-surface border-line shadow-card flex gap-3 rounded-xl border p-4"
    >
      <Link to={`/people/${author.handle}`} tabIndex={-1} aria-hidden className="h-fit">
        <Avatar handle={author.handle} />
      </Link>
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-2">
          <Link to={`/people/${author.handle}`} className="truncate rounded font-semibold hover:underline">
            {author.handle}
          </Link>
          <Link
            to={`/feed/post/${encodeURIComponent(post.id)}`}
            title={formatMoment(post.createdAt)}
            className="text-muted rounded text-xs whitespace-nowrap hover:underline"
          >
            <time dateTime={post.createdAt}>{formatAgo(post.createdAt, now)}</time>
          </Link>
          <span className="ml-auto">{author.id === me && <OwnMenu post={post} onDeleted={onDeleted} />}</span>
        </div>
        <div className="mt-0.5 text-[0.9375rem] leading-relaxed">
          <RichText text={post.text} handles={new Set(post.mentions.map(({ handle }) => handle.toLowerCase()))} />
        </div>
        {post.mediaUrls.length > 0 && (
          <div className="mt-3 grid grid-cols-2 gap-2 only:*:col-span-2">
            {post.mediaUrls.map((url) => (
              <img
                key={url}
                src={url}
                alt="Attached by the author"
                loading="lazy"
                referrerPolicy="no-referrer"
                className="bg-raised border-line max-h-80 w-full rounded-lg border object-cover"
              />
            ))}
          </div>
        )}
        <div className="mt-2 -ml-2.5 flex gap-2 text-sm">
          <LikeButton post={post} />
          <Link
            to={`/feed/post/${encodeURIComponent(post.id)}`}
            aria-label={comments}
            className="text-muted hover:bg-accent-soft hover:text-accent flex h-9 items-center gap-1.5 rounded-full px-2.5 transition"
          >
            <MessageCircle aria-hidden className="size-4.5" />
            <span key={post.commentCount} aria-hidden className="figures animate-rise">
              {post.commentCount}
            </span>
          </Link>
        </div>
      </div>
    </article>
  )
}
