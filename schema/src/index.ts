export { breakingChanges } from './changes.ts'
export { compose } from './compose.ts'
export type { ComposableSubgraph, Composition } from './compose.ts'
