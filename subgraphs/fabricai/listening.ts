import type { PubSub } from '@codai/stores'
import { live, notFound } from '../_kit/index.ts'
import type { Logger } from '../_kit/index.ts'
import type { CompletionEventRecord, InferenceRecord } from './records.ts'
import type { Store } from './store.ts'

/** What wakes those who listen to an answer: there is something to read, no more. */
type Topics = Record<`completion:${string}`, null>

const pageSize = 100

const isEnd = ({ kind }: CompletionEventRecord): boolean => kind === 'DONE' || kind === 'FAILED'

/** What an answer that ended long ago is told as. */
const retold = ({ id, status, output, failureReason }: InferenceRecord): CompletionEventRecord[] => {
  const told: Pick<CompletionEventRecord, 'kind' | 'text'>[] = [{ kind: 'STARTED', text: null }]
  if (status === 'FAILED') told.push({ kind: 'FAILED', text: failureReason })
  else told.push(...(output ? [{ kind: 'TOKEN' as const, text: output }] : []), { kind: 'DONE', text: null })
  return told.map((event, index) => ({ ...event, inferenceId: id, position: index + 1 }))
}

/** Tells listeners what happens to answers. */
export type Listening = {
  /** Wakes those who listen to an answer. To be called after the commit. */
  announce: (inferenceId: string) => Promise<void>
  /**
   * What happens to an answer behind a position, to its end. What is told comes from the store, in its order, so that a
   * sign that comes late, twice or never takes nothing away.
   */
  listen: (inferenceId: string, after: number) => Promise<AsyncIterableIterator<CompletionEventRecord, void>>
}

/** The live side of answers. */
export const createListening = (options: { store: Store; pubSub: PubSub<Topics>; logger: Logger }): Listening => {
  const { store, pubSub, logger } = options

  async function* unread(id: string, after: number): AsyncGenerator<CompletionEventRecord, void> {
    for (let last = after; ;) {
      const events = await store.eventsAfter(id, last, pageSize)
      yield* events
      last = events.at(-1)?.position ?? last
      if (events.length < pageSize) return
    }
  }

  const eventsOf = (id: string, after: number) =>
    async function* (signs: AsyncIterable<null>): AsyncGenerator<CompletionEventRecord, void> {
      let last = after
      let ended = false
      async function* news(): AsyncGenerator<CompletionEventRecord, void> {
        for await (const event of unread(id, last)) {
          last = event.position
          ended ||= isEnd(event)
          yield event
        }
      }
      // Before the events, so that an end in between is not missed.
      const [inference] = await store.inferences([id])
      yield* news()
      if (!ended && inference && inference.status !== 'RUNNING') {
        const isForgotten = (await store.eventsAfter(id, 0, 1)).length === 0
        if (isForgotten) yield* retold(inference)
        return
      }
      if (ended) return
      for await (const _ of signs) {
        yield* news()
        if (ended) return
      }
    }

  return {
    announce: async (inferenceId) => {
      try {
        await pubSub.publish(`completion:${inferenceId}`, null)
      } catch (error) {
        // The answer is written: a listener that hears of it later is no reason to fail.
        logger.warn({ err: error, inference: inferenceId }, 'listeners could not be woken')
      }
    },
    listen: async (inferenceId, after) => {
      const signs = pubSub.subscribe(`completion:${inferenceId}`)
      try {
        await signs.ready
        if ((await store.inferences([inferenceId])).length === 0) throw notFound('Inference', inferenceId)
        return live(signs, eventsOf(inferenceId, after))
      } catch (error) {
        await signs.return?.()
        throw error
      }
    },
  }
}
