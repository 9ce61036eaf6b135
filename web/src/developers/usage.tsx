import { useState } from 'react'
import { useQuery, useSubscription } from 'urql'
import { UsageDocument, UsageUpdatedDocument } from '../.generated/usage.ts'
import type { CountPartsFragment } from '../.generated/usage.ts'
import { useResumed } from '../client/provider.tsx'
import { Card } from '../design/card.tsx'
import { Failure } from '../design/states.tsx'
import { useNow } from '../shared/hooks.ts'
import { formatClock } from '../shared/time.ts'
import { lastMinutes, minuteOf, sumOf, withMinute } from './usage-counts.ts'
import type { UsageMinute } from './usage-counts.ts'

const MINUTES = 60
const minuteMs = 60_000

const Chart = ({ minutes }: { minutes: readonly UsageMinute[] }) => {
  const most = Math.max(1, ...minutes.map(({ count }) => count.cost))
  const total = sumOf(minutes)
  return (
    <figure aria-label="Points used in each of the last 60 minutes">
      <svg
        role="img"
        aria-label={`${total.cost} points in the last hour, ${most} in the busiest minute`}
        viewBox={`0 0 ${MINUTES * 10} 120`}
        preserveAspectRatio="none"
        className="h-32 w-full"
      >
        {minutes.map(({ startsAt, count }, index) => {
          const height = (count.cost / most) * 116
          return (
            <rect
              key={startsAt}
              x={index * 10 + 1}
              y={120 - Math.max(height, count.cost > 0 ? 3 : 1)}
              width={8}
              height={Math.max(height, count.cost > 0 ? 3 : 1)}
              rx={1.5}
              className={count.refused > 0 ? 'fill-warn' : count.cost > 0 ? 'fill-accent' : 'fill-line'}
            >
              <title>{`${formatClock(startsAt)}: ${count.requests} operations, ${count.cost} points`}</title>
            </rect>
          )
        })}
      </svg>
      <figcaption className="text-muted figures mt-1 flex justify-between text-xs">
        <span>an hour ago</span>
        <span>now</span>
      </figcaption>
    </figure>
  )
}

const Figure = ({ label, value }: { label: string; value: number }) => (
  <div>
    <dt className="text-muted text-xs">{label}</dt>
    <dd className="figures text-xl font-semibold">{value.toLocaleString()}</dd>
  </div>
)

/** How an app is used: the last hour, as it happens. */
export const Usage = ({ app }: { app: string }) => {
  const now = useNow()
  // Asked for once: what happens from then on is told.
  const [span] = useState(() => ({
    from: new Date(minuteOf(Date.now()) - MINUTES * minuteMs).toISOString(),
    to: new Date(minuteOf(Date.now()) + minuteMs).toISOString(),
  }))
  const [{ data, error }, reload] = useQuery({
    query: UsageDocument,
    variables: { app, ...span },
    requestPolicy: 'network-only',
  })
  const [{ data: told }] = useSubscription(
    { query: UsageUpdatedDocument, variables: { app } },
    (known: ReadonlyMap<number, CountPartsFragment> | undefined, { usageUpdated }) =>
      usageUpdated ? withMinute(known ?? new Map(), usageUpdated) : (known ?? new Map()),
  )
  useResumed(() => reload({ requestPolicy: 'network-only' }))
  const asked = new Map(
    (data?.developerApp?.usage.points ?? []).map((point) => [minuteOf(point.startsAt), point.count]),
  )
  const minutes = lastMinutes(new Map([...asked, ...(told ?? [])]), now, MINUTES)
  const total = sumOf(minutes)
  if (!data && error !== undefined) return <Failure error={error} onRetry={reload} />
  return (
    <Card title="Use in the last hour" bodyClassName="space-y-4 p-4">
      <dl aria-label="Use in the last hour" className="grid grid-cols-2 gap-3 sm:grid-cols-4">
        <Figure label="Operations" value={total.requests} />
        <Figure label="Points" value={total.cost} />
        <Figure label="With errors" value={total.errors} />
        <Figure label="Refused" value={total.refused} />
      </dl>
      <Chart minutes={minutes} />
    </Card>
  )
}
