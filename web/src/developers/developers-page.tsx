import { CodeXml, Plus } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { useQuery } from 'urql'
import { AppsDocument, PlansDocument } from '../.generated/developers.ts'
import { useSignedIn } from '../client/provider.tsx'
import { Badge } from '../design/badge.tsx'
import { Button } from '../design/button.tsx'
import { Card } from '../design/card.tsx'
import { Empty, Failure, SkeletonRows } from '../design/states.tsx'
import { SignedOut } from '../session/signed-out.tsx'
import { useTitle } from '../shared/hooks.ts'
import { formatMoney } from '../shared/money.ts'
import { formatDate } from '../shared/time.ts'
import { CreateAppDialog } from './create-app-dialog.tsx'

const Plans = () => {
  const [{ data }] = useQuery({ query: PlansDocument })
  const plans = data?.plans ?? []
  if (plans.length === 0) return null
  return (
    <section aria-labelledby="plans">
      <h2 id="plans" className="text-muted mb-2 px-1 text-sm font-semibold">
        Plans
      </h2>
      <ul aria-label="Plans" className="grid gap-3 sm:grid-cols-3">
        {plans.map((plan) => (
          <li key={plan.id} aria-label={plan.name} className="bg-surface border-line shadow-card rounded-xl border p-4">
            <p className="flex items-baseline justify-between gap-2">
              <span className="font-semibold">{plan.name}</span>
              <span className="figures text-sm">
                {Number(plan.price.amount) === 0 ? 'Free' : `${formatMoney(plan.price)} a month`}
              </span>
            </p>
            <p className="text-muted mt-1 text-sm">{plan.description}</p>
            <dl className="figures mt-3 grid grid-cols-[1fr_auto] gap-y-1 text-xs">
              <dt className="text-muted">Points a second</dt>
              <dd>{plan.pointsPerSecond.toLocaleString()}</dd>
              <dt className="text-muted">Points at once</dt>
              <dd>{plan.burst.toLocaleString()}</dd>
              <dt className="text-muted">Points an operation</dt>
              <dd>{plan.maxOperationCost.toLocaleString()}</dd>
            </dl>
          </li>
        ))}
      </ul>
    </section>
  )
}

const Apps = () => {
  const [{ data, fetching, error }, reload] = useQuery({ query: AppsDocument, requestPolicy: 'cache-and-network' })
  const [creating, setCreating] = useState(false)
  const apps = data?.me?.apps?.edges.map(({ node }) => node)
  if (!apps && fetching) return <SkeletonRows rows={4} label="Loading your apps" />
  if (!apps && error !== undefined) return <Failure error={error} onRetry={reload} />
  return (
    <Card
      title="Your apps"
      bodyClassName="pb-2"
      actions={
        <Button size="small" onClick={() => setCreating(true)}>
          <Plus aria-hidden className="size-4" /> New app
        </Button>
      }
    >
      {!apps || apps.length === 0 ? (
        <Empty
          icon={CodeXml}
          title="You have no app yet"
          action={
            <Button look="primary" onClick={() => setCreating(true)}>
              Create an app
            </Button>
          }
        >
          An app has keys. A key opens the public graph.
        </Empty>
      ) : (
        <ul aria-label="Your apps" className="divide-line divide-y">
          {apps.map((app) => (
            <li key={app.id} className="hover:bg-raised relative flex items-center gap-3 px-4 py-3 transition">
              <div className="min-w-0 flex-1">
                <Link to={`/developers/${app.id}`} className="font-medium after:absolute after:inset-0">
                  {app.name}
                </Link>
                <p className="text-muted text-xs">since {formatDate(app.createdAt)}</p>
              </div>
              <Badge tone="accent">{app.plan.name}</Badge>
            </li>
          ))}
        </ul>
      )}
      {creating && <CreateAppDialog onClose={() => setCreating(false)} />}
    </Card>
  )
}

/** The door for programs of other people. */
export const DevelopersPage = () => {
  const signedIn = useSignedIn() !== null
  useTitle('Developers')
  return (
    <div className="mx-auto max-w-5xl space-y-5">
      <div>
        <h1 className="text-2xl font-semibold tracking-tight">Developers</h1>
        <p className="text-muted mt-1 max-w-2xl">
          Build on markets, products, courses and posts: one public graph over HTTP and live connections, at{' '}
          <code className="bg-raised text-ink rounded px-1 py-0.5 text-xs">/public/graphql</code>, with a key of your
          app.
        </p>
      </div>
      {signedIn ? (
        <Apps />
      ) : (
        <SignedOut icon={CodeXml} title="Your apps">
          Sign in to create an app and get a key.
        </SignedOut>
      )}
      <Plans />
    </div>
  )
}
