export { startHost } from './host.ts'
export type { HostedSubgraph, HostOptions } from './host.ts'
