import { AppWindow } from 'lucide-react'
import { useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { useQuery } from 'urql'
import { AppDocument, ChangePlanDocument, DeleteAppDocument, PlansDocument } from '../.generated/developers.ts'
import type { AppPartsFragment } from '../.generated/developers.ts'
import { explain } from '../client/errors.ts'
import { useAction } from '../client/use-action.ts'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { Select } from '../design/field.tsx'
import { Empty, Failure, FormError, SkeletonRows } from '../design/states.tsx'
import { useToasts } from '../design/toasts.tsx'
import { useTitle } from '../shared/hooks.ts'
import { Keys } from './keys.tsx'
import { Operations } from './operations.tsx'
import { TryIt } from './try-it.tsx'
import { Usage } from './usage.tsx'

const PlanChoice = ({ app }: { app: AppPartsFragment }) => {
  const toasts = useToasts()
  const [{ data }] = useQuery({ query: PlansDocument })
  const { attempt } = useAction(ChangePlanDocument)
  const change = async (plan: string): Promise<void> => {
    try {
      const answer = await attempt({ input: { app: app.id, plan } })
      if (answer.changePlan) toasts.show('done', `${app.name} is on the plan ${answer.changePlan.plan.name}`)
    } catch (error) {
      toasts.show('failed', 'That did not work', explain(error as Error).message)
    }
  }
  return (
    <Select
      label="Plan"
      className="w-64 max-w-full"
      value={app.plan.id}
      options={(data?.plans ?? [app.plan]).map(({ id, name, pointsPerSecond }) => ({
        value: id,
        label: `${name} · ${pointsPerSecond.toLocaleString()} points a second`,
      }))}
      onChange={(plan) => void change(plan)}
    />
  )
}

const Delete = ({ app }: { app: AppPartsFragment }) => {
  const navigate = useNavigate()
  const [asking, setAsking] = useState(false)
  const { busy, error, run } = useAction(DeleteAppDocument)
  const remove = async (): Promise<void> => {
    if (await run({ app: app.id })) await navigate('/developers')
  }
  return (
    <>
      <Button look="danger" size="small" onClick={() => setAsking(true)}>
        Delete this app
      </Button>
      {asking && (
        <Dialog
          open
          onClose={() => setAsking(false)}
          title={`Delete ${app.name}?`}
          description="Its keys stop working within a second. It cannot be brought back."
        >
          <div className="space-y-3">
            <FormError error={error} />
            <Button look="danger" className="w-full" busy={busy} onClick={() => void remove()}>
              Delete it
            </Button>
          </div>
        </Dialog>
      )}
    </>
  )
}

/** One app: its plan, its keys, and how it is used. */
export const AppPage = () => {
  const { app: id = '' } = useParams()
  const [{ data, fetching, error }, reload] = useQuery({
    query: AppDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  })
  const [secret, setSecret] = useState<string>()
  const app = data?.developerApp
  useTitle(app?.name ?? 'Developers')
  if (!app && fetching) return <SkeletonRows rows={8} label="Loading the app" />
  if (!app && error !== undefined) return <Failure error={error} onRetry={reload} />
  if (!app) return <Empty icon={AppWindow} heading="h1" title="There is no such app" />
  return (
    <div className="mx-auto max-w-5xl space-y-4">
      <Link to="/developers" className="text-accent rounded text-sm hover:underline">
        ← Your apps
      </Link>
      <div className="flex flex-wrap items-end justify-between gap-3">
        <h1 className="text-2xl font-semibold tracking-tight">{app.name}</h1>
        <PlanChoice app={app} />
      </div>
      <Usage key={app.id} app={app.id} />
      <Keys app={app.id} keys={app.keys.edges.map(({ node }) => node)} onSecret={setSecret} />
      <TryIt secret={secret} />
      <Operations app={app.id} operations={app.operations.edges.map(({ node }) => node)} />
      <Delete app={app} />
    </div>
  )
}
