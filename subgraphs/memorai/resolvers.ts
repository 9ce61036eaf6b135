import { z } from 'zod'
import { actingUser, connection, forbidden, requireUser } from '../_kit/index.ts'
import type { ConnectionArguments } from '../_kit/index.ts'
import type { Resolvers } from '../.generated/memorai.ts'
import type { Context } from './context.ts'
import {
  readFirst,
  readKey,
  readMemories,
  readMemory,
  readMergeScore,
  readMinScore,
  readQuery,
  readTag,
} from './drafts.ts'
import type { MemoryKind, MemoryRecord, MemorySourceRecord } from './records.ts'

/** A memory, for its owner; nobody else sees it, administrators neither. */
const ownMemory = async (context: Context, id: string): Promise<MemoryRecord | null> => {
  const memory = await context.loaders.memory.load(id)
  return memory && memory.ownerId === actingUser(context) ? memory : null
}

type MemoryArguments = ConnectionArguments & {
  kinds?: readonly MemoryKind[] | null | undefined
  tag?: string | null | undefined
}

/** What a person remembers, for a project when one is given. */
const memoryPage = async (
  { service }: Context,
  ownerId: string,
  { kinds, tag, ...page }: MemoryArguments,
  projectId?: string,
) => {
  const only = {
    kinds,
    ...(tag != null && { tag: readTag(tag) }),
    ...(projectId !== undefined && { projectId }),
  }
  return connection(page, {
    position: z.string(),
    positionOf: (memory: MemoryRecord) => memory.id,
    fetch: (limit, after) => service.store.memoriesOf(ownerId, only, limit, after),
  })
}

export const resolvers: Resolvers = {
  Query: {
    memory: (_, { id }, context) => ownMemory(context, id),
    recall: (_, { query, first, kinds, minScore, project }, context) =>
      context.service.recalling.recall(
        requireUser(context),
        {
          query: readQuery(query),
          first: readFirst(first ?? 10),
          kinds: kinds ?? undefined,
          minScore: readMinScore(minScore ?? 0),
          projectId: project ?? undefined,
        },
        context.requestId,
      ),
  },

  Mutation: {
    remember: async (_, { input }, context) => {
      const options = { key: readKey(input), requestId: context.requestId }
      const [memory] = await context.service.memories.remember(requireUser(context), [readMemory(input)], options)
      return memory ?? null
    },
    rememberMany: (_, { input }, context) =>
      context.service.memories.remember(requireUser(context), readMemories(input.memories), {
        key: readKey(input),
        requestId: context.requestId,
      }),
    forget: (_, { memory }, context) => context.service.memories.forget(requireUser(context), memory),
    forgetEverything: (_root, _args, context) => context.service.memories.forgetEverything(requireUser(context)),
    consolidate: (_, { minScore }, context) =>
      context.service.consolidate(requireUser(context), readMergeScore(minScore ?? 0.9)),
  },

  Subscription: {
    memoryAdded: {
      subscribe: (_, { kinds }, context) => context.service.listen(requireUser(context), kinds ?? undefined),
      resolve: (memory: MemoryRecord) => memory,
    },
  },

  User: {
    __resolveReference: ({ id }) => ({ id }),
    memories: ({ id }, args, context) => {
      if (requireUser(context) !== id) throw forbidden('Only the person may see these memories.')
      return memoryPage(context, id, args)
    },
  },

  Project: {
    __resolveReference: ({ id }) => ({ id }),
    memories: async ({ id }, args, context) => {
      const personId = requireUser(context)
      if (!(await context.loaders.ownProject.load(id))) throw forbidden('Only for members of the project.')
      return memoryPage(context, personId, args, id)
    },
  },

  Memory: {
    __resolveReference: ({ id }, context) => ownMemory(context, id),
    owner: ({ ownerId }) => ({ id: ownerId }),
    project: ({ projectId }) => (projectId === null ? null : { id: projectId }),
    indexed: ({ indexedAt }) => indexedAt !== null,
    sources: ({ id }, page, { service }) =>
      connection(page, {
        position: z.string(),
        positionOf: (source: MemorySourceRecord) => source.id,
        fetch: (limit, after) => service.store.sourcesOf(id, limit, after),
      }),
    related: (memory, { first }, { service }) => service.recalling.related(memory, readFirst(first ?? 5)),
  },
}
