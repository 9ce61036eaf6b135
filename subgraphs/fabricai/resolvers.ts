import { z } from 'zod'
import { badInput, codedError, connection, maySee, notFound, requireId, requireMaySee } from '../_kit/index.ts'
import type { Resolvers } from '../.generated/fabricai.ts'
import { callerOf } from './caller.ts'
import type { Context } from './context.ts'
import { inEuro } from './pricing.ts'
import type { CompletionEventRecord, InferenceRecord, ModelRecord } from './records.ts'
import { keyOf, readCompletion } from './requests.ts'
import { usageOf } from './usage.ts'

// What a service did for itself belongs to nobody: only services and administrators see it.
const nobody = ''

const visibleInference = async (context: Context, id: string): Promise<InferenceRecord | null> => {
  const inference = await context.loaders.inference.load(id)
  return inference && maySee(context, inference.ownerId ?? nobody) ? inference : null
}

const ownInference = async (context: Context, id: string): Promise<InferenceRecord> => {
  const { ownerId } = callerOf(context)
  const inference = await context.loaders.inference.load(requireId('Inference', id))
  if (inference?.ownerId !== ownerId) throw notFound('Inference', id)
  return inference
}

const forget = async (context: Context, id: string): Promise<InferenceRecord | null> => {
  const { status } = await ownInference(context, id)
  if (status === 'RUNNING') throw codedError('CONFLICT', 'The inference is under way. Forget it when it is finished.')
  await context.service.store.forget(id)
  context.loaders.inference.clear(id)
  return context.loaders.inference.load(id)
}

const eventsOf = async (context: Context, id: string, after: number): Promise<AsyncIterable<CompletionEventRecord>> => {
  const { task } = await ownInference(context, id)
  if (task !== 'COMPLETE') throw badInput('Only answers are told token by token.', { field: 'inference' })
  if (after < 0) throw badInput('`after` is a position, or 0.', { field: 'after' })
  return context.service.listen(id, after)
}

export const resolvers: Resolvers = {
  Query: {
    models: (_, { task, ...page }, { service }) => {
      const models = service.models.filter((model) => task == null || model.task === task)
      return connection(page, {
        position: z.string(),
        positionOf: ({ id }: ModelRecord) => id,
        fetch: async (limit, after) => {
          const from = after === undefined ? 0 : models.findIndex(({ id }) => id === after) + 1
          return models.slice(from, from + limit)
        },
      })
    },
    model: (_, { id }, { service }) => service.models.find((model) => model.id === id) ?? null,
    inference: (_, { id }, context) => visibleInference(context, id),
  },

  Mutation: {
    embed: async (_, { input }, context) => {
      const { value, inference } = await context.service.tasks.embed(callerOf(context), input)
      return { inference, dimensions: value[0]?.length ?? 0, vectors: value.map((vector) => [...vector]) }
    },
    classify: async (_, { input }, context) => {
      const { value, inference } = await context.service.tasks.classify(callerOf(context), input)
      return { inference, labels: [...value] }
    },
    summarize: async (_, { input }, context) => {
      const { value, inference } = await context.service.tasks.summarize(callerOf(context), input)
      return { inference, text: value.join(' '), sentences: [...value] }
    },
    detectLanguage: async (_, { input }, context) => {
      const { value, inference } = await context.service.tasks.detectLanguage(callerOf(context), input)
      return { inference, language: value[0]?.language ?? null, candidates: [...value] }
    },
    sentiment: async (_, { input }, context) => {
      const { value, inference } = await context.service.tasks.sentiment(callerOf(context), input)
      return { inference, ...value }
    },
    complete: (_, { input }, context) =>
      context.service.completions.begin(callerOf(context), readCompletion(input), {
        key: keyOf(input),
        keepsContent: input.keepContent ?? true,
      }),
    forgetInference: (_, { inference }, context) => forget(context, inference),
  },

  Subscription: {
    completion: {
      subscribe: (_, { inference, after }, context) => eventsOf(context, inference, after ?? 0),
      resolve: (event: CompletionEventRecord) => event,
    },
  },

  User: {
    __resolveReference: ({ id }) => ({ id }),
    inferences: ({ id }, { task, ...page }, context) => {
      requireMaySee(context, id, 'these inferences')
      return connection(page, {
        position: z.string(),
        positionOf: (inference: InferenceRecord) => inference.id,
        fetch: (limit, after) => context.service.store.inferencesOf(id, task, limit, after),
      })
    },
    inferenceUsage: ({ id }, period, context) => {
      requireMaySee(context, id, 'this usage')
      return usageOf(context.service.store, id, period, context.service.now())
    },
  },

  Model: {
    __resolveReference: ({ id }, { service }) => service.models.find((model) => model.id === id) ?? null,
  },

  Inference: {
    __resolveReference: ({ id }, context) => visibleInference(context, id),
    owner: ({ ownerId }) => (ownerId === null ? null : { id: ownerId }),
    model: ({ modelId }, _, { service }) => service.models.find(({ id }) => id === modelId) ?? null,
    cost: ({ cost }) => inEuro(cost),
  },

  CompletionEvent: {
    inference: async ({ inferenceId }, _, { loaders }) => {
      const inference = await loaders.inference.load(inferenceId)
      if (!inference) throw notFound('Inference', inferenceId)
      return inference
    },
  },
}
