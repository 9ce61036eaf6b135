import { useState } from 'react'
import { useNavigate } from 'react-router'
import { CreateAppDocument } from '../.generated/developers.ts'
import { useAction } from '../client/use-action.ts'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { Input } from '../design/field.tsx'
import { FormError } from '../design/states.tsx'
import { useIntent } from '../shared/use-intent.ts'

/** Creates an app, and goes to it. */
export const CreateAppDialog = ({ onClose }: { onClose: () => void }) => {
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const { busy, error, run } = useAction(CreateAppDocument)
  const keyFor = useIntent()
  const submit = async (): Promise<void> => {
    const input = { name: name.trim() }
    const created = await run({ input: { ...input, idempotencyKey: keyFor(input) } })
    if (created?.createApp) await navigate(`/developers/${created.createApp.id}`)
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="New app"
      description="It begins on the free plan; you can change that at any time."
    >
      <form
        aria-label="New app"
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <Input label="Name" value={name} onChange={setName} required maxLength={60} autoComplete="off" />
        <FormError error={error} />
        <Button type="submit" look="primary" className="w-full" busy={busy} disabled={name.trim() === ''}>
          Create app
        </Button>
      </form>
    </Dialog>
  )
}
