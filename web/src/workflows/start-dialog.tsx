import { useState } from 'react'
import { useNavigate } from 'react-router'
import { StartWorkflowDocument } from '../.generated/workflows.ts'
import type { WorkflowSummaryFragment } from '../.generated/workflows.ts'
import { useAction } from '../client/use-action.ts'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { Input } from '../design/field.tsx'
import { FormError } from '../design/states.tsx'
import { useIntent } from '../shared/use-intent.ts'

/** What a field of an input is called, for people: `toAccount` is `To account`. */
const labelOf = (name: string): string => {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

type StartDialogProps = { readonly workflow: WorkflowSummaryFragment; readonly onClose: () => void }

/** Asks for what a workflow needs, starts it, and goes to the run. */
export const StartDialog = ({ workflow, onClose }: StartDialogProps) => {
  const navigate = useNavigate()
  const [values, setValues] = useState<Readonly<Record<string, string>>>({})
  const { busy, error, run } = useAction(StartWorkflowDocument)
  const keyFor = useIntent()
  const isComplete = workflow.inputs.every((name) => (values[name] ?? '').trim() !== '')
  const submit = async (): Promise<void> => {
    const content = { workflow: workflow.id, input: values }
    const answer = await run({ input: { ...content, idempotencyKey: keyFor(content) } })
    if (answer?.startWorkflow) await navigate(`/workflows/runs/${answer.startWorkflow.id}`)
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={workflow.name}
      {...(workflow.description !== null && { description: workflow.description })}
    >
      <form
        aria-label={`Start ${workflow.name}`}
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        {workflow.inputs.map((name) => (
          <Input
            key={name}
            label={labelOf(name)}
            value={values[name] ?? ''}
            onChange={(value) => setValues({ ...values, [name]: value })}
            required
            autoComplete="off"
          />
        ))}
        <FormError error={error} />
        <Button type="submit" look="primary" className="w-full" busy={busy} disabled={!isComplete}>
          Start
        </Button>
      </form>
    </Dialog>
  )
}
