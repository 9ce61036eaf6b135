import { core } from './core.ts'
import type { CatalogueEntry } from './entry.ts'
import { supporting } from './supporting.ts'

export type { CatalogueEntry } from './entry.ts'

/** The name of a service: that of its folder, of its database schema, of its metrics, and in the supergraph. */
export type ServiceName = keyof typeof core | keyof typeof supporting

/** A service of the ecosystem, whether it is built already or not. */
export type CatalogueRow = CatalogueEntry & { name: ServiceName; title: string; tier: 'CORE' | 'SUPPORTING' }

const titleOf = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

const rowsOf = (entries: Readonly<Record<string, CatalogueEntry>>, tier: CatalogueRow['tier']): CatalogueRow[] =>
  // The names are the keys, which `Object.entries` forgets.
  Object.entries(entries).map(([name, entry]) => ({ name: name as ServiceName, title: titleOf(name), tier, ...entry }))

/**
 * All services of the ecosystem in the order of their ports. Everything that lists services reads it from here: the host,
 * composition, `rover.yaml`, the catalogue that clients see, and the documentation.
 */
export const catalogue: readonly CatalogueRow[] = [
  ...rowsOf(core, 'CORE'),
  ...rowsOf(supporting, 'SUPPORTING'),
].toSorted((one, other) => one.port - other.port)

const byName = new Map<string, CatalogueRow>(catalogue.map((row) => [row.name, row]))

/** The row of a service; undefined for a name that nobody has. */
export const catalogueRow = (name: string): CatalogueRow | undefined => byName.get(name)
