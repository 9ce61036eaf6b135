import type { StoreName } from '../platform.ts'

/** What the catalogue says of a service besides its name. */
export type CatalogueEntry = {
  /** Where it listens; `PORT_OFFSET` moves all of them. */
  port: number
  /** In which order services are brought back when much is lost: 1 is what everything else needs, 4 is what can wait. */
  priority: 1 | 2 | 3 | 4
  /** What it is for, in a few words that complete its title. */
  purpose: string
  /** What it keeps its data in. */
  stores: readonly StoreName[]
  /** The services that it calls. */
  dependencies: readonly string[]
}
