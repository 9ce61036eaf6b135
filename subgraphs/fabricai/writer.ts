/** Takes pieces one by one and writes them in order, those that come while others are being written together. */
export type Writer<Piece> = {
  /** Throws what `write` threw before. */
  push: (piece: Piece) => void
  /** Resolves when all is written; throws what `write` threw. */
  end: () => Promise<void>
}

/** A writer over `write`, which is called for one group of pieces at a time. */
export const createWriter = <Piece>(write: (pieces: readonly Piece[]) => Promise<void>): Writer<Piece> => {
  let waiting: Piece[] = []
  let writing: Promise<void> | undefined
  let failure: { error: unknown } | undefined

  const writeAll = async (): Promise<void> => {
    try {
      while (waiting.length > 0) {
        const pieces = waiting
        waiting = []
        await write(pieces)
      }
    } catch (error) {
      failure = { error }
    } finally {
      writing = undefined
    }
  }

  const throwFailure = (): void => {
    if (failure) throw failure.error
  }

  return {
    push: (piece) => {
      throwFailure()
      waiting.push(piece)
      writing ??= writeAll()
    },
    end: async () => {
      await writing
      throwFailure()
    },
  }
}
