import { ArrowLeft, SearchX } from 'lucide-react'
import { useQuery } from 'urql'
import { Link, useNavigate, useParams } from 'react-router'
import { PostByIdDocument } from '../.generated/feed.ts'
import { Card } from '../design/card.tsx'
import { Empty, Failure, SkeletonRows } from '../design/states.tsx'
import { useTitle } from '../shared/hooks.ts'
import { Comments } from './comments.tsx'
import { FeedLayout } from './feed-layout.tsx'
import { PostCard } from './post-card.tsx'

/** A post with its comments. */
export const PostPage = () => {
  const { id = '' } = useParams()
  const navigate = useNavigate()
  const [{ data, fetching, error }, reload] = useQuery({
    query: PostByIdDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  })
  const post = data?.postById
  useTitle(post ? `Post by ${post.author.handle}` : 'Post')
  return (
    <FeedLayout>
      <Link to="/feed" className="text-muted hover:text-ink flex w-fit items-center gap-1.5 rounded px-1 font-medium">
        <ArrowLeft aria-hidden className="size-4" /> Feed
      </Link>
      <h1 className="sr-only">Post</h1>
      {!post && fetching && <SkeletonRows rows={5} label="Loading the post" />}
      {!post && !fetching && error !== undefined && <Failure error={error} onRetry={reload} />}
      {!post && !fetching && error === undefined && <Empty icon={SearchX} title="This post is not there (any more)" />}
      {post && (
        <>
          <PostCard post={post} onDeleted={() => void navigate('/feed')} />
          <Card title="Comments" bodyClassName="">
            <Comments post={post} />
          </Card>
        </>
      )}
    </FeedLayout>
  )
}
