import type { Logger } from '@codai/runtime'
import type { Prepared } from '@codai/engine'
import type { Graphs } from '../graph/graphs.ts'
import type { Operation } from '../operation.ts'
import type { Readmit } from '../readmit.ts'
import type { SubgraphClient } from '../subgraphs/client.ts'
import type { OpenUpstream } from '../subgraphs/upstream.ts'

export type EngineExecutorOptions = {
  readonly graphs: Graphs
  readonly client: SubgraphClient
  readonly openUpstream: OpenUpstream
  readonly readmit: Readmit
  readonly logger: Logger
}

export type SubscribeOptions = EngineExecutorOptions & {
  readonly prepared: (operation: Operation) => Promise<Prepared>
}
