import { MessageCircle, Trash2 } from 'lucide-react'
import { useRef, useState } from 'react'
import { Link } from 'react-router'
import { useQuery } from 'urql'
import { AddCommentDocument, DeleteCommentDocument, PostCommentsDocument } from '../.generated/feed.ts'
import type { PostCardFragment, PostCommentFragment } from '../.generated/feed.ts'
import { useResumed, useSignedIn } from '../client/provider.tsx'
import { useAction } from '../client/use-action.ts'
import { Avatar } from '../design/avatar.tsx'
import { Button } from '../design/button.tsx'
import { Input } from '../design/field.tsx'
import { Empty, Failure, FormError, SkeletonRows } from '../design/states.tsx'
import { useSignIn } from '../session/sign-in.tsx'
import { useNow } from '../shared/hooks.ts'
import { randomKey } from '../shared/random-key.ts'
import { formatAgo, formatMoment } from '../shared/time.ts'
import { RichText } from './rich-text.tsx'

const CommentItem = ({ comment, removable }: { comment: PostCommentFragment; removable: boolean }) => {
  const now = useNow()
  const { busy, run } = useAction(DeleteCommentDocument)
  const { author } = comment
  return (
    <li className="animate-rise flex gap-3 px-4 py-3" aria-label={`Comment by ${author.handle}`}>
      <Avatar handle={author.handle} size="small" />
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2 text-xs">
          <Link to={`/people/${author.handle}`} className="rounded text-sm font-semibold hover:underline">
            {author.handle}
          </Link>
          <time dateTime={comment.createdAt} title={formatMoment(comment.createdAt)} className="text-muted">
            {formatAgo(comment.createdAt, now)}
          </time>
        </p>
        <RichText text={comment.text} />
      </div>
      {removable && (
        <Button
          look="quiet"
          size="smallIcon"
          aria-label="Delete comment"
          busy={busy}
          onClick={() => void run({ comment: comment.id })}
        >
          <Trash2 aria-hidden className="size-4" />
        </Button>
      )}
    </li>
  )
}

const CommentPage = ({ post, after }: { post: PostCardFragment; after: string | null }) => {
  const me = useSignedIn()?.userId
  const [{ data, fetching, error }, reload] = useQuery({
    query: PostCommentsDocument,
    variables: { id: post.id, after },
    requestPolicy: 'cache-and-network',
  })
  const [more, setMore] = useState(false)
  useResumed(() => reload({ requestPolicy: 'network-only' }))
  const page = data?.postById?.comments
  if (!page && fetching) return <SkeletonRows rows={3} label="Loading comments" />
  if (!page && error !== undefined) return <Failure error={error} onRetry={reload} />
  if (!page) return null
  if (page.edges.length === 0 && after === null) {
    return (
      <Empty icon={MessageCircle} title="No comments yet">
        Say the first word.
      </Empty>
    )
  }
  return (
    <>
      {page.edges.map(({ node }) => (
        <CommentItem
          key={node.id}
          comment={node}
          removable={me !== undefined && [node.author.id, post.author.id].includes(me)}
        />
      ))}
      {page.pageInfo.hasNextPage && !more && (
        <li className="flex justify-center py-3">
          <Button size="small" onClick={() => setMore(true)}>
            Show more comments
          </Button>
        </li>
      )}
      {page.pageInfo.hasNextPage && more && <CommentPage post={post} after={page.pageInfo.endCursor} />}
    </>
  )
}

const AddComment = ({ post }: { post: PostCardFragment }) => {
  const signedIn = useSignedIn() !== null
  const openSignIn = useSignIn()
  const [text, setText] = useState('')
  const { busy, error, run } = useAction(AddCommentDocument)
  const key = useRef(randomKey())
  const send = async (): Promise<void> => {
    if (text.trim() === '') return
    const data = await run({ input: { post: post.id, text: text.trim(), idempotencyKey: key.current } })
    if (!data?.comment) return
    key.current = randomKey()
    setText('')
  }
  if (!signedIn) {
    return (
      <div className="p-4">
        <Button size="small" onClick={openSignIn}>
          Sign in to comment
        </Button>
      </div>
    )
  }
  return (
    <form
      aria-label="New comment"
      className="space-y-2 p-4"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <div className="flex items-end gap-2">
        <Input
          label="Your comment"
          value={text}
          maxLength={1_000}
          autoComplete="off"
          onChange={setText}
          className="flex-1"
        />
        <Button type="submit" look="primary" busy={busy} disabled={text.trim() === ''}>
          Comment
        </Button>
      </div>
      <FormError error={error} />
    </form>
  )
}

/** The comments of a post, the oldest first, as they come. */
export const Comments = ({ post }: { post: PostCardFragment }) => (
  <>
    <ul aria-label="Comments" aria-live="polite" className="divide-line divide-y">
      <CommentPage post={post} after={null} />
    </ul>
    <div className="border-line border-t">
      <AddComment post={post} />
    </div>
  </>
)
