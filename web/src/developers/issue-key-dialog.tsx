import { useState } from 'react'
import { IssueKeyDocument } from '../.generated/developers.ts'
import type { ApiScope } from '../.generated/developers.ts'
import { useAction } from '../client/use-action.ts'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { Input, Select } from '../design/field.tsx'
import { FormError } from '../design/states.tsx'
import { useIntent } from '../shared/use-intent.ts'

const scopes: readonly { readonly value: ApiScope; readonly label: string }[] = [
  { value: 'READ', label: 'Run queries' },
  { value: 'LIVE', label: 'Open subscriptions' },
]

const dayMs = 86_400_000

const lives = [
  { value: '0', label: 'Never' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
] as const

type IssueKeyDialogProps = {
  readonly app: string
  readonly onIssued: (secret: string) => void
  readonly onClose: () => void
}

const Choice = ({ label, checked, onChange }: { label: string; checked: boolean; onChange: () => void }) => (
  <label className="flex min-h-9 cursor-pointer items-center gap-2.5">
    <input type="checkbox" checked={checked} onChange={onChange} className="accent-accent-solid size-4" />
    {label}
  </label>
)

/** Gives an app a key. */
export const IssueKeyDialog = ({ app, onIssued, onClose }: IssueKeyDialogProps) => {
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<readonly ApiScope[]>(['READ', 'LIVE'])
  const [trustedOnly, setTrustedOnly] = useState(false)
  const [days, setDays] = useState('0')
  const { busy, error, run } = useAction(IssueKeyDocument)
  const keyFor = useIntent()
  const submit = async (): Promise<void> => {
    const content = { app, name: name.trim(), scopes: chosen, trustedOnly, days }
    const expiresAt = days === '0' ? null : new Date(Date.now() + Number(days) * dayMs).toISOString()
    const answer = await run({
      input: { app, name: content.name, scopes: chosen, trustedOnly, expiresAt, idempotencyKey: keyFor(content) },
    })
    const secret = answer?.issueKey?.secret
    if (secret) onIssued(secret)
  }
  return (
    <Dialog open onClose={onClose} title="New key">
      <form
        aria-label="New key"
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <Input label="Name" value={name} onChange={setName} required maxLength={60} autoComplete="off" />
        <fieldset>
          <legend className="text-muted mb-1 text-xs font-medium">What it may do</legend>
          {scopes.map(({ value, label }) => (
            <Choice
              key={value}
              label={label}
              checked={chosen.includes(value)}
              onChange={() =>
                setChosen(chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value])
              }
            />
          ))}
          <Choice
            label="Registered operations only"
            checked={trustedOnly}
            onChange={() => setTrustedOnly(!trustedOnly)}
          />
        </fieldset>
        <Select label="Ends" value={days} onChange={setDays} options={lives} />
        <FormError error={error} />
        <Button
          type="submit"
          look="primary"
          className="w-full"
          busy={busy}
          disabled={name.trim() === '' || chosen.length === 0}
        >
          Issue key
        </Button>
      </form>
    </Dialog>
  )
}
