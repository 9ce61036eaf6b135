import { demoPeople } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import type { Service } from './context.ts'
import { costOf } from './pricing.ts'
import { builtinModels } from './builtin.ts'
import type { InferenceRecord, InferenceTask } from './records.ts'
import { countTokens } from './text.ts'

const hourMs = 3_600_000

type Past = { id: string; task: InferenceTask; hoursAgo: number; input: string; output: string }

/** Ids of the demo data that tests name. */
export const demoAnswer = '01JDEM0ANSWER0000000000001'
export const demoSummary = '01JDEM0SVMMARY000000000001'

const past: readonly Past[] = [
  {
    id: demoSummary,
    task: 'SUMMARIZE',
    hoursAgo: 50,
    input:
      'The desk share agreement runs until the end of June. Rent is due on the first of each month and covers heating ' +
      'and internet. Meeting rooms are booked in the calendar. Whoever leaves last closes the windows and sets the ' +
      'alarm. The agreement ends with a notice of one month, in writing.',
    output:
      'The desk share agreement runs until the end of June. Rent is due on the first of each month and covers heating ' +
      'and internet. The agreement ends with a notice of one month, in writing.',
  },
  {
    id: demoAnswer,
    task: 'COMPLETE',
    hoursAgo: 26,
    input:
      'When is the rent due?\n\nThe desk share agreement runs until the end of June.\n\nRent is due on the first of each ' +
      'month and covers heating and internet.',
    output: 'Rent is due on the first of each month and covers heating and internet.',
  },
  {
    id: '01JDEM0SENT1MENT0000000001',
    task: 'SENTIMENT',
    hoursAgo: 3,
    input: 'Thank you for the wonderful workshop, everybody loved it!',
    output: 'POSITIVE 0.60',
  },
]

/** What Ada had models do in the last days. */
export const seed = async ({ store }: Service, { now }: Platform): Promise<void> => {
  const inferences = past.flatMap(({ id, task, hoursAgo, input, output }): InferenceRecord[] => {
    const model = builtinModels.find((candidate) => candidate.task === task)
    if (!model) return []
    const at = new Date(now().getTime() - hoursAgo * hourMs)
    const used = { inputTokens: countTokens(input), outputTokens: countTokens(output) }
    return [
      {
        id,
        ownerId: demoPeople.ada.id,
        task,
        modelId: model.id,
        status: 'SUCCEEDED',
        input,
        output,
        keepsContent: true,
        request: null,
        ...used,
        cost: costOf(model, used),
        failureReason: null,
        requestKey: null,
        fingerprint: null,
        run: 1,
        leaseUntil: null,
        createdAt: at,
        finishedAt: at,
      },
    ]
  })
  await store.addDemoData(inferences)
}
