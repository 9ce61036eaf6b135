import { demoAccounts, demoPeople } from '../_kit/index.ts'
import { readSteps } from './definition.ts'
import type { Service } from './context.ts'
import { demoSteps } from './seed-workflows.ts'

const { ada, carol } = demoPeople

/** A project of Ada's in which Carol works too, and a workflow of it. */
export const demoProject = '01JADAPR0JECT0000000000001'
export const demoWorkflow = '01JADAW0RKF10W000000000001'
/** A run of Ada's that ended well. */
export const demoRun = '01JADARVN00000000000000001'

const createdAt = new Date('2025-09-01T09:00:00.000Z')
const ranAt = new Date('2025-09-05T16:30:00.000Z')

const input = { helper: '@bob', from: demoAccounts.ada.EUR, to: demoAccounts.bob.EUR, amount: '25.00' }
const outputs = [
  { post: { id: '01JADAP0ST0000000000000001', text: 'Thank you, @bob! #fieldnotes' } },
  { deposit: { id: '01JADADEP0S1T0000000000001', status: 'BOOKED' } },
  { transfer: { id: '01JADATRANSFER000000000001', status: 'BOOKED', amount: { amount: '25.00', currency: 'EUR' } } },
]

/** Writes the demo data; harmless when it is there. */
export const seed = async ({ store, graph }: Service): Promise<void> => {
  const [known] = await store.projects([demoProject], undefined)
  if (known) return
  const steps = readSteps(await graph.schema(), demoSteps)
  await store.addDemoData({
    project: {
      id: demoProject,
      ownerId: ada.id,
      name: 'Field notes',
      description: 'A small application for notes from walks: who saw what, and where.',
      createdAt,
    },
    members: [
      { userId: ada.id, role: 'OWNER', createdAt },
      { userId: carol.id, role: 'MAINTAINER', createdAt: new Date('2025-09-02T14:20:00.000Z') },
    ],
    services: ['logai', 'bancai', 'sociai', 'memorai'],
    workflow: {
      id: demoWorkflow,
      ownerId: ada.id,
      projectId: demoProject,
      name: 'Pay a helper',
      description: 'Thanks a helper in public, tops the account up, and pays.',
      steps,
      createdAt: new Date('2025-09-03T10:00:00.000Z'),
      deletedAt: null,
    },
    run: {
      id: demoRun,
      workflowId: demoWorkflow,
      name: 'Pay a helper',
      ownerId: ada.id,
      roles: ['MEMBER'],
      status: 'SUCCEEDED',
      input,
      cancelRequested: false,
      failureReason: null,
      revision: 7,
      createdAt: ranAt,
      finishedAt: new Date(ranAt.getTime() + 412),
    },
    runSteps: steps.map((definition, position) => ({
      runId: demoRun,
      position,
      name: definition.name,
      definition,
      status: 'SUCCEEDED',
      attempts: 1,
      output: outputs[position],
      errorCode: null,
      errorMessage: null,
      startedAt: new Date(ranAt.getTime() + position * 130),
      finishedAt: new Date(ranAt.getTime() + position * 130 + 120),
    })),
  })
}
