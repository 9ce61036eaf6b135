import type { Events } from '@codai/stores'
import type { PrismaClient } from '../.generated/prisma/client.ts'
import { createConductingStore } from './store-conducting.ts'
import { createProjectStore } from './store-projects.ts'
import { createWorkflowStore } from './store-workflows.ts'
import { transactCodai } from './transaction.ts'
import type { CodaiTransaction } from './transaction.ts'

/** All that codai reads and writes. */
export type Store = ReturnType<typeof createStore>

// oxlint-disable-next-line typescript/explicit-module-boundary-types -- the type is what it returns
export const createStore = (client: PrismaClient, events: Events) => ({
  ...createProjectStore(client),
  ...createWorkflowStore(client),
  ...createConductingStore(client, events),

  transact: <Result>(work: (transaction: CodaiTransaction) => Promise<Result>): Promise<Result> =>
    transactCodai(client, events, work),
})
