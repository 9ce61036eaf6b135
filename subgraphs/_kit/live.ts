import { createSourceEventStream, execute } from 'graphql'
import type { ExecutionArgs, ExecutionResult } from 'graphql'

/**
 * Runs a subscription as graphql-js does, but answers each event with a context of its own: loaders remember what they
 * loaded, and a stream that lives for hours would tell of the first event's state for ever.
 */
export const subscribeAfresh = async (
  args: ExecutionArgs,
  freshContext: () => unknown,
): Promise<ExecutionResult | AsyncIterableIterator<ExecutionResult>> => {
  const source = await createSourceEventStream(args)
  if (!(Symbol.asyncIterator in source)) return source
  const events = source[Symbol.asyncIterator]() as AsyncIterator<unknown, undefined>

  const answer = async (result: IteratorResult<unknown>): Promise<IteratorResult<ExecutionResult>> => {
    if (result.done === true) return { value: undefined, done: true }
    return { value: await execute({ ...args, rootValue: result.value, contextValue: freshContext() }), done: false }
  }

  // Not a generator: its `return` would wait for the event that may never come.
  const answers: AsyncIterableIterator<ExecutionResult> = {
    next: async () => answer(await events.next()),
    return: async () => answer((await events.return?.()) ?? { value: undefined, done: true }),
    [Symbol.asyncIterator]: () => answers,
  }
  return answers
}
