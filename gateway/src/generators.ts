/** Values that come one after the other until somebody ends them. `return()` is heard at once, also while one is awaited. */
export type Values<Value> = AsyncGenerator<Value, void, undefined>

export const DONE: IteratorReturnResult<void> = { done: true, value: undefined }

export type ValuesSource<Value> = {
  readonly next: () => Promise<IteratorResult<Value, void>>
  /** Releases the source. Called once, at the end, whoever caused it. */
  readonly close: () => void
}

/** Makes values of a source. Not an `async function*`, whose `return()` waits for the value under way. */
export const createValues = <Value>({ next, close }: ValuesSource<Value>): Values<Value> => {
  let closed = false
  const end = (): IteratorReturnResult<void> => {
    if (!closed) {
      closed = true
      close()
    }
    return DONE
  }

  const values: Values<Value> = {
    next: async () => {
      if (closed) return DONE
      try {
        const result = await next()
        return result.done || closed ? end() : result
      } catch (error) {
        if (closed) return DONE
        end()
        throw error
      }
    },
    return: async () => end(),
    throw: async (error) => {
      end()
      throw error
    },
    [Symbol.asyncIterator]: () => values,
    [Symbol.asyncDispose]: async () => void end(),
  }
  return values
}

/** Passes values on as they are, and tells of each and of their end. */
export const untilEnd = <Value>(
  values: Values<Value>,
  onEnd: () => void,
  onValue: () => void = () => {},
): Values<Value> => {
  const watched: Values<Value> = {
    next: async () => {
      try {
        const result = await values.next()
        if (result.done) onEnd()
        else onValue()
        return result
      } catch (error) {
        onEnd()
        throw error
      }
    },
    return: (value) => {
      onEnd()
      return values.return(value)
    },
    throw: (error) => {
      onEnd()
      return values.throw(error)
    },
    [Symbol.asyncIterator]: () => watched,
    [Symbol.asyncDispose]: async () => void (await watched.return()),
  }
  return watched
}

/** The values that another's become, one at a time; `onClose` is called once, when they end. */
export const mapValues = <From, To>(
  values: Values<From>,
  make: (value: From) => To,
  onClose: () => void = () => {},
): Values<To> =>
  createValues({
    next: async () => {
      const result = await values.next()
      return result.done ? DONE : { done: false, value: make(result.value) }
    },
    close: () => {
      onClose()
      void values.return()
    },
  })

/** Values that can be interrupted: whoever awaits one then gets an error, and the source ends. */
export const interruptible = <Value>(values: Values<Value>, onClose: () => void): Interruptible<Value> => {
  let interruption: { readonly error: Error } | undefined
  let interrupt: (error: Error) => void = () => {}

  return {
    interrupt: (error) => {
      interruption ??= { error }
      interrupt(error)
    },
    values: createValues({
      next: () =>
        new Promise((resolve, reject) => {
          if (interruption) return reject(interruption.error)
          interrupt = reject
          values.next().then(resolve, reject)
        }),
      close: () => {
        onClose()
        void values.return()
      },
    }),
  }
}

export type Interruptible<Value> = {
  readonly values: Values<Value>
  readonly interrupt: (error: Error) => void
}

/** Puts a sign of life between values wherever none came for so long, in milliseconds. */
export const withHeartbeats = <Value>(values: Values<Value>, everyMs: number, heartbeat: Value): Values<Value> => {
  let pending: Promise<IteratorResult<Value, void>> | undefined
  let timer: NodeJS.Timeout | undefined

  return createValues({
    next: async () => {
      pending ??= values.next()
      const beat = new Promise<'beat'>((resolve) => {
        timer = setTimeout(() => resolve('beat'), everyMs)
      })
      const first = await Promise.race([pending, beat])
      if (first === 'beat') return { done: false, value: heartbeat }
      clearTimeout(timer)
      pending = undefined
      return first
    },
    close: () => {
      clearTimeout(timer)
      void values.return()
    },
  })
}

/** Values of which the last is made of the error that ends them. */
export const withLastWord = <Value>(values: Values<Value>, tell: (error: unknown) => Value): Values<Value> => {
  let isTold = false
  return createValues({
    next: async () => {
      if (isTold) return DONE
      try {
        return await values.next()
      } catch (error) {
        isTold = true
        return { done: false, value: tell(error) }
      }
    },
    close: () => void values.return(),
  })
}
