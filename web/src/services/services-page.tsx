import { SquareTerminal } from 'lucide-react'
import { Badge } from '../design/badge.tsx'
import { buttonStyle } from '../design/button.tsx'
import { classNames } from '../design/class-names.ts'
import { useTitle } from '../shared/hooks.ts'
import { useReadiness } from './readiness.ts'
import type { AllReadiness, Readiness } from './readiness.ts'
import { DependencyGraph } from './dependency-graph.tsx'
import { isPlanned, services } from './service.ts'
import type { Service } from './service.ts'

const tiers = [
  { tier: 'CORE', title: 'Core' },
  { tier: 'SUPPORTING', title: 'Supporting' },
] as const

const available = services.filter((service) => !isPlanned(service))

const Ready = ({ readiness }: { readiness: Readiness | undefined }) => {
  if (readiness === undefined) return <Badge>Unknown</Badge>
  if (!readiness.ready) return <Badge tone="down">Not ready</Badge>
  return (
    <Badge tone="up">
      Ready
      {readiness.latencyMs !== undefined && (
        <span className="figures font-normal">{Math.round(readiness.latencyMs)} ms</span>
      )}
    </Badge>
  )
}

const ServiceCard = ({ service, readiness }: { service: Service; readiness: Readiness | undefined }) => (
  <li
    id={service.name}
    aria-label={service.title}
    className="bg-surface border-line shadow-card target:border-accent flex scroll-mt-20 flex-col rounded-xl border p-4"
  >
    <div className="flex items-center justify-between gap-3">
      <h3 className="font-semibold">{service.title}</h3>
      {isPlanned(service) ? <Badge>Planned</Badge> : <Ready readiness={readiness} />}
    </div>
    <p className="text-muted mt-1 flex-1 text-sm first-letter:uppercase">{service.purpose}</p>
    {readiness?.error !== undefined && readiness.error !== '' && (
      <p className="text-down mt-2 text-xs">{readiness.error}</p>
    )}
    <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-xs">
      <dt className="text-muted">Stores</dt>
      <dd>{service.stores.length === 0 ? 'none' : service.stores.join(', ')}</dd>
      <dt className="text-muted">Needs</dt>
      <dd>
        {service.dependencies.length === 0 && 'nobody'}
        {service.dependencies.map((name, index) => (
          <span key={name}>
            {index > 0 && ', '}
            <a href={`#${name}`} className="text-accent rounded hover:underline">
              {name}
            </a>
          </span>
        ))}
      </dd>
    </dl>
  </li>
)

const summarise = (readiness: AllReadiness): string => {
  if (readiness.state === 'loading') return 'Asking the services…'
  if (readiness.state === 'unreachable') return 'The gateway does not answer; trying again…'
  const ready = available.filter(({ name }) => readiness.services[name]?.ready === true).length
  return ready === available.length
    ? `All ${ready} services are ready.`
    : `${ready} of ${available.length} services are ready.`
}

/** The catalogue: what there is, what it is for, and how it does now. */
export const ServicesPage = () => {
  useTitle('Services')
  const readiness = useReadiness()
  return (
    <div className="mx-auto max-w-6xl space-y-6">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <div>
          <h1 className="text-2xl font-semibold tracking-tight">Services</h1>
          <output className={classNames('mt-1 block', readiness.state === 'unreachable' ? 'text-warn' : 'text-muted')}>
            {summarise(readiness)}
          </output>
        </div>
        <a href="/explorer" className={buttonStyle({ look: 'primary' })}>
          <SquareTerminal aria-hidden className="size-4" /> Open the explorer
        </a>
      </div>
      <DependencyGraph
        services={services}
        isDown={(name) => readiness.state === 'known' && readiness.services[name]?.ready === false}
      />
      {tiers.map(({ tier, title }) => {
        const members = services.filter((service) => service.tier === tier)
        if (members.length === 0) return null
        return (
          <section key={tier} aria-labelledby={`tier-${tier}`}>
            <h2 id={`tier-${tier}`} className="text-muted mb-2 px-1 text-sm font-semibold">
              {title}
            </h2>
            <ul aria-label={`${title} services`} className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
              {members.map((service) => (
                <ServiceCard
                  key={service.name}
                  service={service}
                  readiness={readiness.state === 'known' ? readiness.services[service.name] : undefined}
                />
              ))}
            </ul>
          </section>
        )
      })}
    </div>
  )
}
