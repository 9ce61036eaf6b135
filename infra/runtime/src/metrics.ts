import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import type { Metric } from 'prom-client'

const PREFIX = 'codai_'

export type Metrics = {
  readonly registry: Registry
  /** A count that only grows. Asking again for the same name gives the same counter. */
  counter<Label extends string = never>(name: string, help: string, labelNames?: readonly Label[]): Counter<Label>
  /** A distribution; buckets in the metric's own unit (seconds by default). */
  histogram<Label extends string = never>(
    name: string,
    help: string,
    labelNames?: readonly Label[],
    buckets?: readonly number[],
  ): Histogram<Label>
  /** A value that goes up and down. */
  gauge<Label extends string = never>(name: string, help: string, labelNames?: readonly Label[]): Gauge<Label>
  /** Everything in Prometheus' text format. */
  text(): Promise<string>
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Metrics of one service, in a registry of their own: forty services can live in one process. */
export const createMetrics = ({ service }: { readonly service: string }): Metrics => {
  const registry = new Registry()
  registry.setDefaultLabels({ service })

  const once = <M extends Metric>(name: string, kind: new (...args: never[]) => M, create: (name: string) => M): M => {
    const fullName = name.startsWith(PREFIX) ? name : `${PREFIX}${name}`
    const existing = registry.getSingleMetric(fullName)
    if (existing instanceof kind) return existing
    return create(fullName)
  }

  return {
    registry,
    counter: <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
      once<Counter<Label>>(name, Counter, (name) => new Counter({ name, help, labelNames, registers: [registry] })),
    histogram: <Label extends string>(
      name: string,
      help: string,
      labelNames: readonly Label[] = [],
      buckets: readonly number[] = SECONDS,
    ) =>
      once<Histogram<Label>>(
        name,
        Histogram,
        (name) => new Histogram({ name, help, labelNames, buckets: [...buckets], registers: [registry] }),
      ),
    gauge: <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
      once<Gauge<Label>>(name, Gauge, (name) => new Gauge({ name, help, labelNames, registers: [registry] })),
    text: () => registry.metrics(),
  }
}

/** Adds the node process' own metrics (memory, event loop, garbage collection). Call it once per process. */
export const collectProcessMetrics = ({ registry }: Metrics): void =>
  collectDefaultMetrics({ register: registry, prefix: PREFIX })
