import { ConfigError } from '@codai/runtime'
import type { Subgraph } from '../_kit/subgraph.ts'
import { registry } from './registry.generated.ts'

/** The ports of all services, by name. */
export const registeredPorts: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(registry).map(([name, { port }]) => [name, port]),
)

/** Loads the services of a target: `['all']`, or names. Only what runs is loaded. ConfigError names what does not exist. */
export const loadSubgraphs = async (target: readonly string[]): Promise<readonly Subgraph[]> => {
  const names = target.includes('all') ? Object.keys(registry) : target
  return Promise.all(
    names.map((name) => {
      const entry = registry[name]
      if (entry === undefined) {
        throw new ConfigError(
          `TARGET names "${name}", which is no service. There are: ${Object.keys(registry).join(', ')}.`,
        )
      }
      return entry.load()
    }),
  )
}
