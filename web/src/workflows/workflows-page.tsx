import { Play, Workflow } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { useQuery } from 'urql'
import { RunsDocument, WorkflowsDocument } from '../.generated/workflows.ts'
import type { WorkflowSummaryFragment } from '../.generated/workflows.ts'
import { useSignedIn } from '../client/provider.tsx'
import { Badge } from '../design/badge.tsx'
import { Button } from '../design/button.tsx'
import { Card } from '../design/card.tsx'
import { Empty, Failure, SkeletonRows } from '../design/states.tsx'
import { SignedOut } from '../session/signed-out.tsx'
import { useNow, useTitle } from '../shared/hooks.ts'
import { formatAgo } from '../shared/time.ts'
import { StartDialog } from './start-dialog.tsx'
import { runWords } from './statuses.ts'

const WorkflowItem = ({ workflow, onStart }: { workflow: WorkflowSummaryFragment; onStart: () => void }) => (
  <li aria-label={workflow.name} className="flex flex-wrap items-center gap-3 px-4 py-3">
    <div className="min-w-0 flex-1">
      <p className="font-medium">{workflow.name}</p>
      {workflow.description !== null && <p className="text-muted text-sm">{workflow.description}</p>}
      <ol aria-label={`Steps of ${workflow.name}`} className="mt-1.5 flex flex-wrap items-center gap-1 text-xs">
        {workflow.steps.map(({ name, compensation }, index) => (
          <li key={name} className="flex items-center gap-1">
            {index > 0 && <span aria-hidden>→</span>}
            <Badge tone={compensation ? 'accent' : 'neutral'}>
              {name}
              {compensation && <span className="sr-only">, can be undone</span>}
            </Badge>
          </li>
        ))}
      </ol>
    </div>
    <Button size="small" aria-label={`Start ${workflow.name}`} onClick={onStart}>
      <Play aria-hidden className="size-4" /> Start
    </Button>
  </li>
)

const Runs = () => {
  const now = useNow()
  const [{ data, fetching, error }, reload] = useQuery({ query: RunsDocument, requestPolicy: 'cache-and-network' })
  const runs = data?.me?.workflowRuns?.edges.map(({ node }) => node)
  return (
    <Card title="Your runs" bodyClassName="pb-2">
      {!runs && fetching && <SkeletonRows rows={3} label="Loading your runs" />}
      {!runs && error !== undefined && <Failure error={error} onRetry={reload} />}
      {runs?.length === 0 && (
        <Empty icon={Play} title="Nothing was started yet">
          A run goes on where it was, whatever happens meanwhile.
        </Empty>
      )}
      {runs && runs.length > 0 && (
        <ul aria-label="Your runs" className="divide-line divide-y">
          {runs.map((run) => (
            <li key={run.id} className="hover:bg-raised relative flex items-center gap-3 px-4 py-3 transition">
              <div className="min-w-0 flex-1">
                <Link to={`/workflows/runs/${run.id}`} className="font-medium after:absolute after:inset-0">
                  {run.name}
                </Link>
                <p className="text-muted text-xs">{formatAgo(run.createdAt, now)}</p>
              </div>
              <Badge tone={runWords[run.status].tone}>{runWords[run.status].label}</Badge>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

const Workflows = () => {
  const [{ data, fetching, error }, reload] = useQuery({ query: WorkflowsDocument, requestPolicy: 'cache-and-network' })
  const [starting, setStarting] = useState<WorkflowSummaryFragment>()
  const workflows = [...(data?.builtInWorkflows?.edges ?? []), ...(data?.me?.workflows?.edges ?? [])].map(
    ({ node }) => node,
  )
  return (
    <Card title="What can be started" bodyClassName="pb-2">
      {!data && fetching && <SkeletonRows rows={4} label="Loading workflows" />}
      {!data && error !== undefined && <Failure error={error} onRetry={reload} />}
      {data && workflows.length === 0 && (
        <Empty icon={Workflow} title="No workflows yet">
          Programs define them through the graph, with `defineWorkflow`.
        </Empty>
      )}
      <ul aria-label="Workflows" className="divide-line divide-y">
        {workflows.map((workflow) => (
          <WorkflowItem key={workflow.id} workflow={workflow} onStart={() => setStarting(workflow)} />
        ))}
      </ul>
      {starting && <StartDialog workflow={starting} onClose={() => setStarting(undefined)} />}
    </Card>
  )
}

/** Steps over several services, all of them or none. */
export const WorkflowsPage = () => {
  const signedIn = useSignedIn() !== null
  useTitle('Workflows')
  return (
    <div className="mx-auto max-w-4xl space-y-4">
      <div>
        <h1 className="text-2xl font-semibold tracking-tight">Workflows</h1>
        <p className="text-muted mt-1 max-w-2xl">
          Steps over several services with your rights: all of them or none, because what is done is undone when a later
          step fails.
        </p>
      </div>
      {signedIn ? (
        <>
          <Workflows />
          <Runs />
        </>
      ) : (
        <SignedOut icon={Workflow} title="Workflows">
          Sign in to start one.
        </SignedOut>
      )}
    </div>
  )
}
