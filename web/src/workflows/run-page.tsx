import { Check, CircleDashed, CircleX, LoaderCircle, Undo2, Workflow } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { Link, useParams } from 'react-router'
import { useQuery, useSubscription } from 'urql'
import { CancelRunDocument, RetryRunDocument, RunDocument, RunUpdatedDocument } from '../.generated/workflows.ts'
import type { RunPartsFragment } from '../.generated/workflows.ts'
import { explain } from '../client/errors.ts'
import { useAction } from '../client/use-action.ts'
import { Badge } from '../design/badge.tsx'
import { Button } from '../design/button.tsx'
import { Card } from '../design/card.tsx'
import { classNames } from '../design/class-names.ts'
import { Empty, Failure, SkeletonRows } from '../design/states.tsx'
import { useToasts } from '../design/toasts.tsx'
import { useTitle } from '../shared/hooks.ts'
import { formatClock } from '../shared/time.ts'
import { runWords, stepWords } from './statuses.ts'

type Step = RunPartsFragment['steps'][number]

const icons: Readonly<Record<Step['status'], LucideIcon>> = {
  PENDING: CircleDashed,
  RUNNING: LoaderCircle,
  SUCCEEDED: Check,
  FAILED: CircleX,
  COMPENSATING: LoaderCircle,
  COMPENSATED: Undo2,
  COMPENSATION_FAILED: CircleX,
}

const StepItem = ({ step }: { step: Step }) => {
  const Icon = icons[step.status]
  const { label, tone } = stepWords[step.status]
  const isBusy = step.status === 'RUNNING' || step.status === 'COMPENSATING'
  return (
    <li aria-label={`${step.name}: ${label}`} className="flex gap-3 px-4 py-3">
      <Icon
        aria-hidden
        className={classNames(
          'mt-0.5 size-4 shrink-0',
          isBusy && 'animate-spin',
          tone === 'up' ? 'text-up' : 'text-muted',
        )}
      />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium">{step.name}</span>
          <Badge tone={tone}>{label}</Badge>
          {step.attempts > 1 && <span className="text-muted text-xs">{step.attempts} attempts</span>}
          {step.finishedAt !== null && (
            <span className="text-muted figures ml-auto text-xs">{formatClock(step.finishedAt)}</span>
          )}
        </p>
        {step.error && <p className="text-down mt-1 text-sm">{step.error.message}</p>}
        {step.output !== null && (
          <details className="mt-1 text-xs">
            <summary className="text-muted rounded">What it answered</summary>
            <pre className="bg-raised mt-1 max-h-60 overflow-auto rounded-lg p-3 whitespace-pre-wrap">
              {JSON.stringify(step.output, null, 2)}
            </pre>
          </details>
        )}
      </div>
    </li>
  )
}

const Actions = ({ run }: { run: RunPartsFragment }) => {
  const toasts = useToasts()
  const cancel = useAction(CancelRunDocument)
  const retry = useAction(RetryRunDocument)
  const attempt = async (change: Promise<unknown>): Promise<void> => {
    try {
      await change
    } catch (error) {
      toasts.show('failed', 'That did not work', explain(error as Error).message)
    }
  }
  if (run.status === 'RUNNING') {
    return (
      <Button
        look="danger"
        size="small"
        busy={cancel.busy}
        onClick={() => void attempt(cancel.attempt({ run: run.id }))}
      >
        Cancel and undo
      </Button>
    )
  }
  if (run.status === 'STUCK') {
    return (
      <Button size="small" busy={retry.busy} onClick={() => void attempt(retry.attempt({ run: run.id }))}>
        Try again to undo it
      </Button>
    )
  }
  return null
}

const Detail = ({ run }: { run: RunPartsFragment }) => {
  useSubscription({ query: RunUpdatedDocument, variables: { id: run.id } })
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-2xl font-semibold tracking-tight">{run.name}</h1>
        <div className="flex items-center gap-3">
          <output aria-label="Status">
            <Badge tone={runWords[run.status].tone}>{runWords[run.status].label}</Badge>
          </output>
          <Actions run={run} />
        </div>
      </div>
      {run.failureReason !== null && (
        <p className="bg-down-soft text-down rounded-lg px-3 py-2 text-sm">{run.failureReason}</p>
      )}
      <Card title="Steps" bodyClassName="pb-2">
        <ol aria-label="Steps" className="divide-line divide-y">
          {run.steps.map((step) => (
            <StepItem key={step.name} step={step} />
          ))}
        </ol>
      </Card>
    </>
  )
}

/** One run of a workflow: its steps, as they are done. */
export const RunPage = () => {
  const { run: id = '' } = useParams()
  const [{ data, fetching, error }, reload] = useQuery({
    query: RunDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  })
  const run = data?.workflowRun
  useTitle(run?.name ?? 'Workflows')
  return (
    <div className="mx-auto max-w-3xl space-y-4">
      <Link to="/workflows" className="text-accent rounded text-sm hover:underline">
        ← Workflows
      </Link>
      {run ? (
        <Detail run={run} />
      ) : fetching ? (
        <SkeletonRows rows={5} label="Loading the run" />
      ) : error !== undefined ? (
        <Failure error={error} onRetry={reload} />
      ) : (
        <Empty icon={Workflow} heading="h1" title="There is no such run" />
      )}
    </div>
  )
}
