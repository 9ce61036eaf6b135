import type { TypedDocumentNode } from '@urql/core'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import type { PostPageFragment } from '../.generated/feed.ts'
import { Button } from '../design/button.tsx'
import { Failure, Skeleton, SkeletonRows } from '../design/states.tsx'
import { useVisible } from '../shared/hooks.ts'
import { PostCard } from './post-card.tsx'

type After = { readonly after?: string | null | undefined }

/** A list of posts that can be turned page by page. */
export type PostList<Data, Variables extends After> = {
  readonly document: TypedDocumentNode<Data, Variables>
  readonly variables: Variables
  readonly pageOf: (data: Data) => PostPageFragment | null | undefined
  /** What is shown when there is no post at all. */
  readonly empty: ReactNode
}

const PostSkeletons = () => (
  <div className="space-y-3">
    <output className="sr-only">Loading posts</output>
    {[0, 1, 2].map((item) => (
      <div key={item} className="bg-surface border-line flex gap-3 rounded-xl border p-4">
        <Skeleton className="size-10 rounded-full" />
        <SkeletonRows rows={3} label="" className="flex-1" />
      </div>
    ))}
  </div>
)

const More = ({ onSeen }: { onSeen: () => void }) => {
  const [ref, visible] = useVisible<HTMLDivElement>('600px')
  useEffect(() => {
    if (visible) onSeen()
  }, [visible, onSeen])
  return (
    <div ref={ref} className="flex justify-center py-2">
      <Button onClick={onSeen}>Show more</Button>
    </div>
  )
}

/**
 * A page of posts and, once its end is near, the pages after it. Each page is a query of its own that begins where the
 * page before ends: when the first is asked for again, the others follow, and nothing is missed or shown twice.
 */
export const PostPages = <Data, Variables extends After>(props: PostList<Data, Variables>) => {
  const { document, variables, pageOf, empty } = props
  const [{ data, fetching, error }, reload] = useQuery<Data, After>({
    query: document as TypedDocumentNode<Data, After>,
    variables,
    requestPolicy: 'cache-and-network',
  })
  const [shown, setShown] = useState(false)
  const [showMore] = useState(() => () => setShown(true))
  const first = !variables.after
  const page = data === undefined ? undefined : pageOf(data)

  if (!page && fetching) return <PostSkeletons />
  if (!page && error !== undefined) return <Failure error={error} onRetry={reload} />
  if (!page || (page.edges.length === 0 && first)) return empty
  const { endCursor, hasNextPage } = page.pageInfo
  return (
    <>
      {page.edges.map(({ node }) => (
        <PostCard key={node.id} post={node} />
      ))}
      {hasNextPage && !shown && <More onSeen={showMore} />}
      {hasNextPage && shown && <PostPages {...props} variables={{ ...variables, after: endCursor }} />}
    </>
  )
}
