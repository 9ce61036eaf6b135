import { LRUCache } from 'lru-cache'
import type { Written } from './prepare.ts'
import { retrace } from './retrace.ts'
import { addCourse } from './story.ts'
import type { Course, Story } from './story.ts'
import type { Send, Variables } from './types.ts'

/**
 * Remembers what operations came to, by what subgraphs answered. What an operation asks and writes follows from its
 * variables and from the answers so far, and from nothing else: where all subgraphs answer to the byte what they did
 * before, whoever asks them now, it need not be computed again. No request is saved by it, and nobody's answer is taken
 * for another's. In: what runs an operation. Out: the same, which computes only what is new.
 */
export type Replays = {
  /** Makes of what runs an operation what does so only as far as there is anything new. */
  readonly of: (run: Run) => Run
}

export type ReplaysOptions = {
  /** Told of each run whether all that came of it was known. */
  readonly onRun?: (isKnown: boolean) => void
}

type Run = (variables: Variables, send: Send) => Promise<Written>

/** What is known of an operation with certain variables. */
type Known = {
  story: Story | undefined
  /** How much more often answers came as before than not, lately. */
  balance: number
  /** How many more runs are left alone, because answers hardly ever came as before. */
  rest: number
}

/** How much is remembered of all operations. */
const CAPACITY_BYTES = 32_000_000
const KNOWN_BYTES = 200
const MOST_BALANCE = 16
const RUNS_OF_REST = 1_000

export const createReplays = ({ onRun = () => {} }: ReplaysOptions = {}): Replays => {
  const memory = new LRUCache<string, Known>({
    maxSize: CAPACITY_BYTES,
    sizeCalculation: ({ story }, key) => KNOWN_BYTES + key.length + (story?.bytes ?? 0),
  })
  let operations = 0

  const learn = (key: string, known: Known, course: Course): void => {
    const story = addCourse(known.story, course)
    // What is too long by itself will be so again; what became so by and by begins anew.
    if (!story && !known.story) known.rest = RUNS_OF_REST
    known.story = story
    // It is measured only when it comes in.
    memory.delete(key)
    memory.set(key, known)
  }

  const disappoint = (known: Known): void => {
    known.balance -= 1
    if (known.balance > -MOST_BALANCE) return
    known.story = undefined
    known.balance = 0
    known.rest = RUNS_OF_REST
  }

  return {
    of: (run) => {
      operations += 1
      const prefix = `${operations} `
      return (variables, send) => {
        const key = prefix + JSON.stringify(variables)
        const known = memory.get(key)
        // Most of what is asked once is not asked again: how it goes is of interest when it is.
        if (!known) memory.set(key, { story: undefined, balance: 0, rest: 0 })
        if (!known || known.rest > 0) {
          if (known) known.rest -= 1
          onRun(false)
          return run(variables, send)
        }
        const { story } = known
        return retrace({
          start: story?.start,
          send,
          compute: (watched) => run(variables, watched),
          onKnown: () => {
            onRun(true)
            known.balance = Math.min(known.balance + 1, MOST_BALANCE)
          },
          onNew: (course) => {
            onRun(false)
            if (story) disappoint(known)
            if (course && known.rest === 0) learn(key, known, course)
          },
        })
      }
    },
  }
}
