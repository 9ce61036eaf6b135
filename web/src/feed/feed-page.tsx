import { MessagesSquare } from 'lucide-react'
import { useState } from 'react'
import { useQuery } from 'urql'
import { DiscoverDocument, FeedDocument, FollowingDocument } from '../.generated/feed.ts'
import { useSignedIn } from '../client/provider.tsx'
import { Button } from '../design/button.tsx'
import { Card } from '../design/card.tsx'
import { Segmented } from '../design/segmented.tsx'
import { Empty } from '../design/states.tsx'
import { useSignIn } from '../session/sign-in.tsx'
import { useTitle } from '../shared/hooks.ts'
import { Compose } from './compose.tsx'
import { FeedLayout } from './feed-layout.tsx'
import { NewPosts } from './new-posts.tsx'
import { PostPages } from './post-pages.tsx'

type Source = 'following' | 'discover'

const Discover = () => (
  <PostPages
    document={DiscoverDocument}
    variables={{}}
    pageOf={(data) => data.discover}
    empty={
      <Card>
        <Empty icon={MessagesSquare} title="Nobody has posted yet">
          Be the first.
        </Empty>
      </Card>
    }
  />
)

const Following = ({ onDiscover }: { onDiscover: () => void }) => (
  <>
    <NewPosts />
    <PostPages
      document={FeedDocument}
      variables={{}}
      pageOf={(data) => data.feed}
      empty={
        <Card>
          <Empty
            icon={MessagesSquare}
            title="Your feed is empty"
            action={<Button onClick={onDiscover}>Discover people</Button>}
          >
            It shows what you and the people you follow post.
          </Empty>
        </Card>
      }
    />
  </>
)

/** What people post. */
export const FeedPage = () => {
  const signedIn = useSignedIn() !== null
  const openSignIn = useSignIn()
  useTitle('Feed')
  const [{ data }] = useQuery({ query: FollowingDocument, pause: !signedIn })
  const [chosen, setChosen] = useState<Source>()
  const followsNobody = data?.me?.followingCount === 0
  const source = signedIn ? (chosen ?? (followsNobody ? 'discover' : 'following')) : 'discover'
  return (
    <FeedLayout>
      <h1 className="sr-only">Feed</h1>
      {signedIn ? (
        <>
          <Compose />
          <Segmented
            label="Which posts"
            value={source}
            onChange={setChosen}
            options={[
              { value: 'following', label: 'Following' },
              { value: 'discover', label: 'Discover' },
            ]}
          />
        </>
      ) : (
        <Card bodyClassName="flex flex-wrap items-center justify-between gap-3 p-4">
          <p>Sign in to post, like and follow.</p>
          <Button look="primary" size="small" onClick={openSignIn}>
            Sign in to take part
          </Button>
        </Card>
      )}
      {source === 'following' ? <Following onDiscover={() => setChosen('discover')} /> : <Discover />}
    </FeedLayout>
  )
}
