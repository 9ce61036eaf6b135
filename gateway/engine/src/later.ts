import type { DeferredPart } from './compile.ts'
import type { Later } from './execute.ts'

export type LaterOptions = {
  /** Runs the steps of a part. Never rejects. */
  readonly run: (part: DeferredPart) => Promise<void>
  /** All that a part needs is there. */
  readonly onReady: (label: string) => void
}

/** Runs parts as soon as what they need is there. In: parts, and which fetches are done. Out: the labels of those that are ready. */
export const createLater = ({ run, onReady }: LaterOptions): Later => {
  const done = new Set<string>()
  let waiting: DeferredPart[] = []

  const begin = async (part: DeferredPart): Promise<void> => {
    await run(part)
    onReady(part.label)
  }

  const advance = (): void => {
    const all = waiting
    const isDone = (id: string): boolean => done.has(id)
    waiting = all.filter(({ needs }) => !needs.every(isDone))
    for (const part of all) if (part.needs.every(isDone)) void begin(part)
  }

  return {
    add: (parts) => {
      waiting.push(...parts)
      advance()
    },
    done: (ids) => {
      for (const id of ids) done.add(id)
      if (waiting.length > 0) advance()
    },
  }
}
