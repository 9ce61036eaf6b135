import { useQuery } from 'urql'
import { Link } from 'react-router'
import { TrendingDocument } from '../.generated/feed.ts'
import { Card } from '../design/card.tsx'
import { SkeletonRows } from '../design/states.tsx'

/** The topics most posted about. */
export const Trending = () => {
  const [{ data, fetching }] = useQuery({ query: TrendingDocument, requestPolicy: 'cache-and-network' })
  const topics = data?.trending ?? []
  if (topics.length === 0 && !fetching) return null
  return (
    <Card title="Trending" bodyClassName="pb-2">
      {topics.length === 0 && <SkeletonRows rows={4} label="Loading topics" />}
      <ul aria-label="Trending topics">
        {topics.map((topic) => (
          <li key={topic.name}>
            <Link
              to={`/topics/${encodeURIComponent(topic.name)}`}
              className="hover:bg-raised flex items-baseline justify-between gap-3 px-4 py-2"
            >
              <span className="truncate font-medium">#{topic.name}</span>
              <span className="text-muted figures text-xs whitespace-nowrap">
                {topic.postCount} {topic.postCount === 1 ? 'post' : 'posts'}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  )
}
