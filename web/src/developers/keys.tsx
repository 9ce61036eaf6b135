import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import { RevokeKeyDocument, RotateKeyDocument } from '../.generated/developers.ts'
import type { KeyPartsFragment } from '../.generated/developers.ts'
import { explain } from '../client/errors.ts'
import { useAction } from '../client/use-action.ts'
import { Badge } from '../design/badge.tsx'
import type { Tone } from '../design/badge.tsx'
import { Button } from '../design/button.tsx'
import { Card } from '../design/card.tsx'
import { Empty } from '../design/states.tsx'
import { useToasts } from '../design/toasts.tsx'
import { useNow } from '../shared/hooks.ts'
import { randomKey } from '../shared/random-key.ts'
import { formatAgo, formatDate } from '../shared/time.ts'
import { IssueKeyDialog } from './issue-key-dialog.tsx'
import { SecretDialog } from './secret-dialog.tsx'

const statuses: Readonly<Record<KeyPartsFragment['status'], { readonly label: string; readonly tone: Tone }>> = {
  ACTIVE: { label: 'Active', tone: 'up' },
  EXPIRED: { label: 'Expired', tone: 'neutral' },
  REVOKED: { label: 'Revoked', tone: 'down' },
}

const GRACE_SECONDS = 86_400

type KeyItemProps = { readonly apiKey: KeyPartsFragment; readonly onSecret: (secret: string) => void }

const KeyItem = ({ apiKey, onSecret }: KeyItemProps) => {
  const now = useNow()
  const toasts = useToasts()
  const rotate = useAction(RotateKeyDocument)
  const revoke = useAction(RevokeKeyDocument)
  const { label, tone } = statuses[apiKey.status]
  const attempt = async (act: () => Promise<void>): Promise<void> => {
    try {
      await act()
    } catch (error) {
      toasts.show('failed', 'That did not work', explain(error as Error).message)
    }
  }
  const renew = async (): Promise<void> => {
    const input = { key: apiKey.id, graceSeconds: GRACE_SECONDS, idempotencyKey: randomKey() }
    const secret = (await rotate.attempt({ input })).rotateKey?.secret
    if (secret) onSecret(secret)
  }
  const end = async (): Promise<void> => {
    await revoke.attempt({ key: apiKey.id })
    toasts.show('done', `${apiKey.name} is revoked`, 'It stops working within a second.')
  }
  return (
    <li aria-label={`${apiKey.name}: ${label}`} className="flex flex-wrap items-center gap-3 px-4 py-3">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium">{apiKey.name}</span>
          <Badge tone={tone}>{label}</Badge>
          {apiKey.trustedOnly && <Badge>Registered operations only</Badge>}
        </p>
        <p className="text-muted text-xs">
          <code>{apiKey.prefix}…</code> · {apiKey.scopes.join(', ').toLowerCase()} ·{' '}
          {apiKey.lastUsedAt === null ? 'not used yet' : `used ${formatAgo(apiKey.lastUsedAt, now)}`}
          {apiKey.expiresAt !== null && ` · ends ${formatDate(apiKey.expiresAt)}`}
        </p>
      </div>
      {apiKey.status === 'ACTIVE' && (
        <div className="flex gap-2">
          <Button
            size="small"
            busy={rotate.busy}
            aria-label={`Rotate ${apiKey.name}`}
            onClick={() => void attempt(renew)}
          >
            Rotate
          </Button>
          <Button
            size="small"
            look="danger"
            busy={revoke.busy}
            aria-label={`Revoke ${apiKey.name}`}
            onClick={() => void attempt(end)}
          >
            Revoke
          </Button>
        </div>
      )}
    </li>
  )
}

type KeysProps = {
  readonly app: string
  readonly keys: readonly KeyPartsFragment[]
  /** Told the secret of a new key, for as long as the page is open. */
  readonly onSecret: (secret: string) => void
}

/** The keys of an app. */
export const Keys = ({ app, keys, onSecret }: KeysProps) => {
  const [issuing, setIssuing] = useState(false)
  const [secret, setSecret] = useState<string>()
  const show = (next: string): void => {
    setIssuing(false)
    setSecret(next)
    onSecret(next)
  }
  return (
    <Card
      title="Keys"
      bodyClassName="pb-2"
      actions={
        <Button size="small" onClick={() => setIssuing(true)}>
          <Plus aria-hidden className="size-4" /> New key
        </Button>
      }
    >
      {keys.length === 0 ? (
        <Empty icon={KeyRound} title="No keys yet">
          A key is what your program shows to be let in.
        </Empty>
      ) : (
        <ul aria-label="Keys" className="divide-line divide-y">
          {keys.map((apiKey) => (
            <KeyItem key={apiKey.id} apiKey={apiKey} onSecret={show} />
          ))}
        </ul>
      )}
      {issuing && <IssueKeyDialog app={app} onIssued={show} onClose={() => setIssuing(false)} />}
      {secret !== undefined && <SecretDialog secret={secret} onClose={() => setSecret(undefined)} />}
    </Card>
  )
}
