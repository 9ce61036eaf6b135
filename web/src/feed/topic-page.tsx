import { Hash } from 'lucide-react'
import { useParams } from 'react-router'
import { TopicPostsDocument } from '../.generated/feed.ts'
import { Card } from '../design/card.tsx'
import { Empty } from '../design/states.tsx'
import { useTitle } from '../shared/hooks.ts'
import { FeedLayout } from './feed-layout.tsx'
import { PostPages } from './post-pages.tsx'

/** What is posted about a topic. */
export const TopicPage = () => {
  const { name = '' } = useParams()
  useTitle(`#${name}`)
  return (
    <FeedLayout>
      <h1 className="px-1 text-2xl font-semibold tracking-tight">#{name}</h1>
      <PostPages
        key={name}
        document={TopicPostsDocument}
        variables={{ name }}
        pageOf={(data) => data.topic?.posts}
        empty={
          <Card>
            <Empty icon={Hash} title="Nobody has written about this yet" />
          </Card>
        }
      />
    </FeedLayout>
  )
}
