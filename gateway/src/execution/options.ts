import type { Logger } from '@codai/runtime'
import type { Prepared } from '@codai/engine'
import type { Graphs } from '../graph/graphs.ts'
import type { Operation } from '../operation.ts'
import type { Caller } from '../identity.ts'
import type { GatewayMetrics } from '../metrics.ts'
import type { Readmit } from '../readmit.ts'
import type { SubgraphClient } from '../subgraphs/client.ts'
import type { OpenUpstream } from '../subgraphs/upstream.ts'
import type { Sending } from './sending.ts'
import type { Sharing } from './sharing.ts'

export type EngineExecutorOptions = {
  readonly graphs: Graphs
  readonly client: SubgraphClient
  readonly openUpstream: OpenUpstream
  readonly readmit: Readmit
  /** The caller in whose name is asked what is the same for everyone. */
  readonly nobody: Caller
  readonly metrics: GatewayMetrics
  readonly logger: Logger
}

export type SubscribeOptions = EngineExecutorOptions & {
  readonly prepared: (operation: Operation) => Promise<Prepared>
  readonly send: Sending
  readonly sharingOf: (operation: Operation) => Sharing
}
