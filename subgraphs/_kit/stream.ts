/**
 * A live stream whose values `generate` makes from the events of a source. Ending the stream ends the source at once: a
 * generator alone would first wait for the source's next event, perhaps for ever, and the subscription would leak.
 */
export const live = <Event, Value>(
  source: AsyncIterableIterator<Event, unknown>,
  generate: (source: AsyncIterable<Event>) => AsyncGenerator<Value, void>,
): AsyncIterableIterator<Value, void> => {
  const values = generate(source)
  const end = async (): Promise<void> => {
    await source.return?.()
  }
  const stream: AsyncIterableIterator<Value, void> = {
    next: async () => {
      try {
        const result = await values.next()
        // What ends by itself, perhaps without a look at its source, leaves it too.
        if (result.done === true) await end()
        return result
      } catch (error) {
        // What fails before it looks at its source, such as a first state that cannot be read, leaves it all the same.
        await end()
        throw error
      }
    },
    return: async () => {
      await end()
      return values.return()
    },
    throw: async (error) => {
      await end()
      return values.throw(error)
    },
    [Symbol.asyncIterator]: () => stream,
  }
  return stream
}
