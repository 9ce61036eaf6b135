import { createCancellation } from '../cancellation.ts'
import type { Cancellation } from '../cancellation.ts'
import { createEventStream } from '../event-stream.ts'
import type { Result } from '../operation.ts'
import { inOrder } from '../waiting.ts'

type Results = AsyncGenerator<Result, void, undefined>

/** A stream of one result. graphql-ws ends streams when their client leaves, and this one ends the work with it. */
export const streamOfOne = (run: (cancellation: Cancellation) => Promise<Result>): Results => {
  const { cancel, ...cancellation } = createCancellation()
  const { values, push, end } = createEventStream<Result, Result>({
    waiting: inOrder(1),
    process: (result) => result,
    overflow: () => undefined,
    onClose: cancel,
  })
  const give = async (): Promise<void> => {
    try {
      push(await run(cancellation))
      end()
    } catch (error) {
      end(error instanceof Error ? error : new Error(String(error)))
    }
  }
  void give()
  return values
}

/** Passes a generator on, and runs what `begin` returned when it ends. */
export const untilEnd = (values: Results, begin: () => () => void): Results => {
  const ended = begin()
  const watched: Results = {
    next: async () => {
      try {
        const result = await values.next()
        if (result.done) ended()
        return result
      } catch (error) {
        ended()
        throw error
      }
    },
    return: (value) => {
      ended()
      return values.return(value)
    },
    throw: (error) => {
      ended()
      return values.throw(error)
    },
    [Symbol.asyncIterator]: () => watched,
    [Symbol.asyncDispose]: async () => void (await watched.return()),
  }
  return watched
}
