import { ConfigError } from '@codai/runtime'
import { catalogue } from '../_kit/catalogue/index.ts'
import type { Subgraph } from '../_kit/subgraph.ts'
import { registry } from './registry.generated.ts'

/** The ports of all services that are built, by name. */
export const registeredPorts: Readonly<Record<string, number>> = Object.fromEntries(
  catalogue.filter(({ name }) => registry[name]).map(({ name, port }) => [name, port]),
)

/** Loads the services of a target: `['all']`, or names. Only what runs is loaded. ConfigError names what does not exist. */
export const loadSubgraphs = async (target: readonly string[]): Promise<readonly Subgraph[]> => {
  const names = target.includes('all') ? Object.keys(registeredPorts) : target
  return Promise.all(
    names.map((name) => {
      const load = registry[name]
      if (load === undefined) {
        throw new ConfigError(
          `TARGET names "${name}", which is no service. There are: ${Object.keys(registeredPorts).join(', ')}.`,
        )
      }
      return load()
    }),
  )
}
