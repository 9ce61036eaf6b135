import { badInput, catalogue, catalogueRow } from '../_kit/index.ts'
import type { CatalogueRow } from '../_kit/index.ts'

/** A service, whether it is built already or not. */
export type ServiceRecord = CatalogueRow

/** Which services to list. */
export type ServiceFilter = { tier?: string | null | undefined; status?: string | null | undefined }

/** The catalogue, as a graph that can be walked. `available` are the names of the services that are part of the graph. */
export const createServices = (available: ReadonlySet<string>) => {
  const statusOf = ({ name }: ServiceRecord): 'AVAILABLE' | 'PLANNED' => (available.has(name) ? 'AVAILABLE' : 'PLANNED')
  return {
    statusOf,
    service: (name: string): ServiceRecord | null => catalogueRow(name) ?? null,
    /** In the order of their ports. */
    services: ({ tier, status }: ServiceFilter): ServiceRecord[] =>
      catalogue.filter((row) => (tier == null || row.tier === tier) && (status == null || statusOf(row) === status)),
    dependencies: ({ dependencies }: ServiceRecord): ServiceRecord[] =>
      catalogue.filter(({ name }) => dependencies.includes(name)),
    dependents: ({ name }: ServiceRecord): ServiceRecord[] =>
      catalogue.filter(({ dependencies }) => dependencies.includes(name)),
  }
}

/** The name of a service; BAD_USER_INPUT for one that does not exist. */
export const requireService = (name: string, field: string): string => {
  if (!catalogueRow(name)) throw badInput(`There is no service "${name.slice(0, 40)}".`, { field })
  return name
}

/** A store, as clients know it. */
export const resourceOf = <Store extends string>(store: Store): Uppercase<Store> =>
  store.toUpperCase() as Uppercase<Store>
