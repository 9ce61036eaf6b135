export { startHost } from './host.ts'
export type { HostedSubgraph, HostOptions } from './host.ts'
export { registry } from './registry.generated.ts'
export { loadSubgraphs, registeredPorts } from './targets.ts'
