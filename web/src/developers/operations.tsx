import { FileCheck, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { RegisterOperationDocument, RemoveOperationDocument } from '../.generated/developers.ts'
import type { OperationPartsFragment } from '../.generated/developers.ts'
import { explain } from '../client/errors.ts'
import { useAction } from '../client/use-action.ts'
import { Button } from '../design/button.tsx'
import { Card } from '../design/card.tsx'
import { Dialog } from '../design/dialog.tsx'
import { Field, Input, inputStyle } from '../design/field.tsx'
import { Empty, FormError } from '../design/states.tsx'
import { useToasts } from '../design/toasts.tsx'

const RegisterDialog = ({ app, onClose }: { app: string; onClose: () => void }) => {
  const [name, setName] = useState('')
  const [document, setDocument] = useState(
    'query Market {\n  instruments(first: 5) {\n    edges { node { symbol } }\n  }\n}',
  )
  const { busy, error, run } = useAction(RegisterOperationDocument)
  const submit = async (): Promise<void> => {
    const answer = await run({ input: { app, name: name.trim(), document } })
    if (answer?.registerOperation) onClose()
  }
  return (
    <Dialog open onClose={onClose} title="Register an operation" description="Your keys can then run it by its hash.">
      <form
        aria-label="Register an operation"
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <Input label="Name" value={name} onChange={setName} required maxLength={100} autoComplete="off" />
        <Field label="Document">
          {({ id }) => (
            <textarea
              id={id}
              rows={8}
              spellCheck={false}
              value={document}
              onChange={(event) => setDocument(event.target.value)}
              className={`${inputStyle} py-2 font-mono text-xs`}
            />
          )}
        </Field>
        <FormError error={error} />
        <Button type="submit" look="primary" className="w-full" busy={busy} disabled={name.trim() === ''}>
          Register
        </Button>
      </form>
    </Dialog>
  )
}

const OperationItem = ({ operation }: { operation: OperationPartsFragment }) => {
  const toasts = useToasts()
  const { busy, attempt } = useAction(RemoveOperationDocument)
  const remove = async (): Promise<void> => {
    try {
      await attempt({ operation: operation.id })
    } catch (error) {
      toasts.show('failed', 'That did not work', explain(error as Error).message)
    }
  }
  return (
    <li className="flex items-center gap-3 px-4 py-3">
      <div className="min-w-0 flex-1">
        <p className="font-medium">{operation.name}</p>
        <p className="text-muted font-mono text-xs break-all">{operation.hash}</p>
      </div>
      <Button
        look="quiet"
        size="smallIcon"
        aria-label={`Remove ${operation.name}`}
        busy={busy}
        onClick={() => void remove()}
      >
        <Trash2 aria-hidden className="size-4" />
      </Button>
    </li>
  )
}

type OperationsProps = { readonly app: string; readonly operations: readonly OperationPartsFragment[] }

/** The operations that an app registered. */
export const Operations = ({ app, operations }: OperationsProps) => {
  const [registering, setRegistering] = useState(false)
  return (
    <Card
      title="Registered operations"
      bodyClassName="pb-2"
      actions={
        <Button size="small" onClick={() => setRegistering(true)}>
          <Plus aria-hidden className="size-4" /> Register
        </Button>
      }
    >
      {operations.length === 0 ? (
        <Empty icon={FileCheck} title="No operations yet">
          A registered operation is sent by its hash: less to send, and a key can be limited to it.
        </Empty>
      ) : (
        <ul aria-label="Registered operations" className="divide-line divide-y">
          {operations.map((operation) => (
            <OperationItem key={operation.id} operation={operation} />
          ))}
        </ul>
      )}
      {registering && <RegisterDialog app={app} onClose={() => setRegistering(false)} />}
    </Card>
  )
}
