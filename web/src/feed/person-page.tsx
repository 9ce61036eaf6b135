import { PenLine, UserX } from 'lucide-react'
import { useQuery } from 'urql'
import { useParams } from 'react-router'
import {
  BlockDocument,
  FollowDocument,
  PersonDocument,
  PersonPostsDocument,
  UnblockDocument,
  UnfollowDocument,
} from '../.generated/feed.ts'
import type { PersonQuery } from '../.generated/feed.ts'
import { explain } from '../client/errors.ts'
import { useSignedIn } from '../client/provider.tsx'
import { useAction } from '../client/use-action.ts'
import type { Action } from '../client/use-action.ts'
import { Avatar } from '../design/avatar.tsx'
import { Button } from '../design/button.tsx'
import { Card } from '../design/card.tsx'
import { Empty, Failure, SkeletonRows } from '../design/states.tsx'
import { useToasts } from '../design/toasts.tsx'
import { useSignIn } from '../session/sign-in.tsx'
import { useTitle } from '../shared/hooks.ts'
import { formatDate } from '../shared/time.ts'
import { FeedLayout } from './feed-layout.tsx'
import { PostPages } from './post-pages.tsx'

type Person = NonNullable<PersonQuery['user']>

const Relations = ({ person }: { person: Person }) => {
  const me = useSignedIn()
  const openSignIn = useSignIn()
  const toasts = useToasts()
  const follow = useAction(FollowDocument)
  const unfollow = useAction(UnfollowDocument)
  const block = useAction(BlockDocument)
  const unblock = useAction(UnblockDocument)
  const act = async (action: Pick<Action<unknown, { user: string }>, 'attempt'>, done?: string): Promise<void> => {
    if (me === null) {
      openSignIn()
      return
    }
    try {
      await action.attempt({ user: person.id })
      if (done !== undefined) toasts.show('done', done)
    } catch (error) {
      toasts.show('failed', 'That did not work', explain(error as Error).message)
    }
  }
  if (me?.userId === person.id) return null
  if (person.viewerBlocks === true) {
    return (
      <Button busy={unblock.busy} onClick={() => void act(unblock, `${person.handle} is not blocked any more`)}>
        Unblock
      </Button>
    )
  }
  const follows = person.viewerFollows === true
  return (
    <div className="flex gap-2">
      <Button
        look={follows ? 'secondary' : 'primary'}
        aria-pressed={follows}
        onClick={() => void act(follows ? unfollow : follow)}
      >
        {follows ? 'Following' : 'Follow'}
      </Button>
      {me !== null && (
        <Button look="danger" busy={block.busy} onClick={() => void act(block, `${person.handle} is blocked`)}>
          Block
        </Button>
      )}
    </div>
  )
}

const Header = ({ person }: { person: Person }) => (
  <Card bodyClassName="flex flex-wrap items-center gap-4 p-5">
    <Avatar handle={person.handle} size="large" />
    <div className="min-w-0 flex-1">
      <h1 className="text-2xl font-semibold tracking-tight">{person.handle}</h1>
      <p className="text-muted text-sm">Here since {formatDate(person.createdAt)}</p>
      <p className="figures mt-1 flex gap-4 text-sm">
        <span>
          <strong>{person.followerCount ?? 0}</strong>{' '}
          <span className="text-muted">{person.followerCount === 1 ? 'follower' : 'followers'}</span>
        </span>
        <span>
          <strong>{person.followingCount ?? 0}</strong> <span className="text-muted">following</span>
        </span>
      </p>
    </div>
    <Relations person={person} />
  </Card>
)

/** A person and what the person posted. */
export const PersonPage = () => {
  const { handle = '' } = useParams()
  useTitle(handle)
  const [{ data, fetching, error }, reload] = useQuery({
    query: PersonDocument,
    variables: { handle },
    requestPolicy: 'cache-and-network',
  })
  const person = data?.user
  if (!person && fetching) return <SkeletonRows rows={6} label="Loading the profile" />
  if (!person && error !== undefined) return <Failure error={error} onRetry={reload} />
  if (!person) return <Empty icon={UserX} heading="h1" title={`There is nobody called ${handle}`} />
  return (
    <FeedLayout>
      <Header person={person} />
      {person.viewerBlocks === true ? (
        <Card>
          <Empty icon={UserX} title="You blocked this person">
            Neither of you sees what the other posts.
          </Empty>
        </Card>
      ) : (
        <PostPages
          key={person.handle}
          document={PersonPostsDocument}
          variables={{ handle: person.handle }}
          pageOf={(answer) => answer.user?.posts}
          empty={
            <Card>
              <Empty icon={PenLine} title={`${person.handle} has not posted yet`} />
            </Card>
          }
        />
      )}
    </FeedLayout>
  )
}
