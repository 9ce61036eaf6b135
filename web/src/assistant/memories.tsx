import { Brain, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useQuery, useSubscription } from 'urql'
import { ForgetDocument, MemoriesDocument, MemoryAddedDocument } from '../.generated/memories.ts'
import type { MemoryKind, MemoryPartsFragment } from '../.generated/memories.ts'
import { explain } from '../client/errors.ts'
import { useResumed } from '../client/provider.tsx'
import { useAction } from '../client/use-action.ts'
import { Badge } from '../design/badge.tsx'
import { Button } from '../design/button.tsx'
import { Card } from '../design/card.tsx'
import { Select } from '../design/field.tsx'
import { Empty, Failure, SkeletonRows } from '../design/states.tsx'
import { useToasts } from '../design/toasts.tsx'
import { useNow } from '../shared/hooks.ts'
import { formatAgo } from '../shared/time.ts'
import { kindOptions, kindWords } from './kinds.ts'

const MemoryItem = ({ memory }: { memory: MemoryPartsFragment }) => {
  const now = useNow()
  const toasts = useToasts()
  const { busy, attempt } = useAction(ForgetDocument)
  const forget = async (): Promise<void> => {
    try {
      await attempt({ memory: memory.id })
      toasts.show('done', 'Forgotten for good')
    } catch (error) {
      toasts.show('failed', 'That did not work', explain(error as Error).message)
    }
  }
  return (
    <li aria-label={memory.content} className="flex items-start gap-2 px-4 py-3">
      <div className="min-w-0 flex-1">
        <p className="whitespace-pre-line">{memory.content}</p>
        <p className="text-muted mt-1 flex flex-wrap items-center gap-1.5 text-xs">
          <Badge>{kindWords[memory.kind]}</Badge>
          {memory.tags.map((tag) => (
            <span key={tag}>#{tag}</span>
          ))}
          {formatAgo(memory.createdAt, now)}
        </p>
      </div>
      <Button
        look="quiet"
        size="smallIcon"
        aria-label={`Forget: ${memory.content}`}
        busy={busy}
        onClick={() => void forget()}
      >
        <Trash2 aria-hidden className="size-4" />
      </Button>
    </li>
  )
}

type PageProps = { readonly kind: MemoryKind | 'ALL'; readonly after: string | null }

const Page = ({ kind, after }: PageProps) => {
  const [{ data, fetching, error }, reload] = useQuery({
    query: MemoriesDocument,
    variables: { kinds: kind === 'ALL' ? null : [kind], after },
    requestPolicy: 'cache-and-network',
  })
  const [more, setMore] = useState(false)
  useResumed(() => reload({ requestPolicy: 'network-only' }))
  const page = data?.me?.memories
  if (!page && fetching) return <SkeletonRows rows={4} label="Loading memories" />
  if (!page && error !== undefined) return <Failure error={error} onRetry={reload} />
  if (!page || (page.edges.length === 0 && after === null)) {
    return (
      <Empty icon={Brain} title="Nothing is remembered yet">
        Tell the assistant something worth remembering.
      </Empty>
    )
  }
  const { hasNextPage, endCursor } = page.pageInfo
  return (
    <>
      <ul aria-label={after === null ? 'Memories' : 'Earlier memories'} className="divide-line divide-y">
        {page.edges.map(({ node }) => (
          <MemoryItem key={node.id} memory={node} />
        ))}
      </ul>
      {hasNextPage && !more && (
        <div className="flex justify-center py-2">
          <Button size="small" onClick={() => setMore(true)}>
            Show more
          </Button>
        </div>
      )}
      {hasNextPage && more && <Page kind={kind} after={endCursor} />}
    </>
  )
}

/** What one's assistant remembers; each can be forgotten for good. */
export const Memories = () => {
  const [kind, setKind] = useState<MemoryKind | 'ALL'>('ALL')
  useSubscription({ query: MemoryAddedDocument })
  return (
    <Card title="What I remember" bodyClassName="pb-2">
      <div className="px-4 pb-2">
        <Select
          label="Show"
          value={kind}
          options={[{ value: 'ALL', label: 'Everything' }, ...kindOptions]}
          onChange={(next) => setKind(next as MemoryKind | 'ALL')}
        />
      </div>
      <Page key={kind} kind={kind} after={null} />
    </Card>
  )
}
