import { Laptop, Smartphone } from 'lucide-react'
import { useQuery } from 'urql'
import { RevokeSessionDocument, SecurityDocument } from '../.generated/security.ts'
import type { SecurityQuery } from '../.generated/security.ts'
import { useSession } from '../client/provider.tsx'
import { useAction } from '../client/use-action.ts'
import { Badge } from '../design/badge.tsx'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { Failure, FormError, SkeletonRows } from '../design/states.tsx'
import { useNow } from '../shared/hooks.ts'
import { formatAgo, formatMoment } from '../shared/time.ts'
import { describeDevice } from './device.ts'
import { SecondFactor } from './second-factor.tsx'

type SessionNode = NonNullable<NonNullable<SecurityQuery['me']>['sessions']>['edges'][number]['node']

const SessionItem = ({ item }: { item: SessionNode }) => {
  const session = useSession()
  const now = useNow()
  const { busy, error, run } = useAction(RevokeSessionDocument)
  const device = describeDevice(item.userAgent)
  const Icon = device.phone ? Smartphone : Laptop
  const revoke = async (): Promise<void> => {
    const done = await run({ session: item.id })
    if (done !== undefined && item.current) session.end('SIGNED_OUT')
  }
  return (
    <li className="flex items-center gap-3 py-2.5">
      <Icon aria-hidden className="text-muted size-5 shrink-0" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {device.name}
          {item.current && <Badge tone="up">This device</Badge>}
        </p>
        <p className="text-muted text-xs" title={formatMoment(item.createdAt)}>
          {item.address ?? 'Address unknown'} · active {formatAgo(item.lastUsedAt, now)}
        </p>
        <FormError error={error} />
      </div>
      <Button
        look="danger"
        size="small"
        busy={busy}
        aria-label={`End the session on ${device.name}${item.current ? ' (this device)' : ''}`}
        onClick={() => void revoke()}
      >
        End
      </Button>
    </li>
  )
}

/** Where the person is signed in, and the second factor. */
export const Security = ({ onClose }: { onClose: () => void }) => {
  const [{ data, fetching, error }, reload] = useQuery({ query: SecurityDocument, requestPolicy: 'cache-and-network' })
  const me = data?.me
  const sessions = me?.sessions?.edges.map((edge) => edge.node).filter((item) => item.revokedAt === null) ?? []
  return (
    <Dialog
      open
      onClose={onClose}
      title="Sessions and security"
      description="Where you are signed in, and what protects it."
    >
      {fetching && data === undefined && <SkeletonRows rows={4} label="Loading your sessions" />}
      {error !== undefined && data === undefined && <Failure error={error} onRetry={reload} />}
      {me && (
        <div className="space-y-6">
          <SecondFactor enabled={me.mfa?.totp ?? false} codesLeft={me.mfa?.recoveryCodesLeft ?? 0} onChanged={reload} />
          <section aria-labelledby="sessions-title">
            <h3 id="sessions-title" className="text-sm font-semibold">
              Sessions
            </h3>
            <ul aria-label="Sessions" className="divide-line divide-y">
              {sessions.map((item) => (
                <SessionItem key={item.id} item={item} />
              ))}
            </ul>
          </section>
        </div>
      )}
    </Dialog>
  )
}
