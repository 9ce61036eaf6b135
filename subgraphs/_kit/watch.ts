import { notFound } from '@codai/runtime'
import type { Platform } from './platform.ts'
import { live } from './stream.ts'

/** The live side of things that change. */
export type Watch<Thing> = {
  /** Tells who watches a thing that it changed. To be called after the commit; what cannot be told is only logged. */
  changed(id: string): Promise<void>
  /** A thing as it is now, and then each time it changed. NOT_FOUND when there is none, or the reader may not see it. */
  listen(id: string, maySee: (thing: Thing) => boolean): Promise<AsyncIterableIterator<Thing, void>>
}

/**
 * Watches things by id. What travels is only a sign that there is something to read, so that a message that comes late,
 * twice or out of order shows nothing wrong. `versionOf` tells a thing that changed from one that did not.
 */
export const createWatch = <Thing>(
  { name, pubSub: open, logger }: Pick<Platform, 'name' | 'pubSub' | 'logger'>,
  options: {
    typeName: string
    read: (id: string) => Promise<Thing | undefined>
    versionOf: (thing: Thing) => string | number
  },
): Watch<Thing> => {
  const { typeName, read, versionOf } = options
  const pubSub = open<Record<string, null>>()
  const topicOf = (id: string): string => `${name}.${typeName}.${id}`

  const statesOf = (id: string, first: Thing, maySee: (thing: Thing) => boolean) =>
    async function* (signs: AsyncIterable<null>): AsyncGenerator<Thing, void> {
      let last = versionOf(first)
      yield first
      for await (const _ of signs) {
        const thing = await read(id)
        if (thing === undefined || !maySee(thing)) return
        if (versionOf(thing) === last) continue
        last = versionOf(thing)
        yield thing
      }
    }

  return {
    changed: async (id) => {
      try {
        await pubSub.publish(topicOf(id), null)
      } catch (error) {
        // What changed is written: a reader that hears of it later is no reason to fail.
        logger.warn({ err: error, id }, `readers of a ${typeName} could not be told of a change`)
      }
    },

    listen: async (id, maySee) => {
      const signs = pubSub.subscribe(topicOf(id))
      try {
        // Signs arrive already when the first state is read: nothing can happen in between unseen.
        await signs.ready
        const first = await read(id)
        if (first === undefined || !maySee(first)) throw notFound(typeName, id)
        return live(signs, statesOf(id, first, maySee))
      } catch (error) {
        await signs.return?.()
        throw error
      }
    },
  }
}
