import { setImmediate as quiet } from 'node:timers/promises'
import type { Written } from './prepare.ts'
import { after } from './story.ts'
import type { Course, State } from './story.ts'
import type { Fetch, Reply, Send } from './types.ts'

/** What came of a request, which has the number of its turn. */
type Arrival = { readonly number: number } & ({ readonly reply: Reply } | { readonly error: unknown })

export type RetraceOptions = {
  /** Where the courses begin that are known; undefined where none is. */
  readonly start: State | undefined
  readonly send: Send
  /** Computes the operation from its beginning. */
  readonly compute: (send: Send) => Promise<Written>
  /** All answers came as in a known course. */
  readonly onKnown: () => void
  /** They did not, and this is how it went; undefined where there was an error, which is not worth knowing. */
  readonly onNew: (course: Course | undefined) => void
}

/**
 * Runs an operation along the courses that are known. At the first answer that none of them has, it is computed, with all
 * answers so far, and then with those that come, one by one: so it is known what follows from which.
 *
 * In: the known courses, and what would compute the operation. Out: its answer, and how it went where that is new.
 */
export const retrace = ({ start, send, compute, onKnown, onNew }: RetraceOptions): Promise<Written> =>
  new Promise((resolve, reject) => {
    const asked: Fetch[] = []
    const arrivals: Arrival[] = []
    let state = start
    let computing: Computing | undefined

    const ask = (fetch: Fetch): void => {
      const number = asked.push(fetch) - 1
      send(fetch).then(
        (reply) => arrive({ number, reply }),
        (error: unknown) => arrive({ number, error }),
      )
    }

    const arrive = (arrival: Arrival): void => {
      arrivals.push(arrival)
      if (computing) return computing.goOn()
      const next = state && 'reply' in arrival ? after(state, arrival.number, arrival.reply.text) : undefined
      if (next) enter(next)
      else leave()
    }

    const enter = (next: State): void => {
      state = next
      for (const fetch of next.asks) ask(fetch)
      if (!next.written) return
      onKnown()
      resolve(next.written)
    }

    const leave = (): void => {
      computing = computeOn({ asked, arrivals, ask, send, compute, onNew })
      computing.written.then(resolve, reject)
    }

    if (start) enter(start)
    else leave()
  })

type Computing = {
  readonly written: Promise<Written>
  /** Goes on with what has arrived meanwhile. */
  readonly goOn: () => void
}

type ComputingOptions = Pick<RetraceOptions, 'send' | 'compute' | 'onNew'> & {
  readonly asked: readonly Fetch[]
  readonly arrivals: readonly Arrival[]
  readonly ask: (fetch: Fetch) => void
}

const computeOn = ({ asked, arrivals, ask, send, compute, onNew }: ComputingOptions): Computing => {
  const waiting: { readonly resolve: (reply: Reply) => void; readonly reject: (error: unknown) => void }[] = []
  const moves: Course['moves'][number][] = []
  let atFirst: readonly Fetch[] | undefined
  let asks: Fetch[] = []
  let taken = 0
  let isBusy = false
  let isOrderly = true
  let end: Written | undefined

  const watched: Send = (fetch) => {
    const before = asked[waiting.length]
    // It asks again what it asked before. Should it ever not, it must be given answers of its own.
    if (before && before.body !== fetch.body) isOrderly = false
    if (!isOrderly) return send(fetch)
    asks.push(fetch)
    const reply = new Promise<Reply>((resolve, reject) => waiting.push({ resolve, reject }))
    if (!before) ask(fetch)
    return reply
  }

  const takeAsks = (): readonly Fetch[] => {
    const sinceThen = asks
    asks = []
    return sinceThen
  }

  const take = async (arrival: Arrival): Promise<void> => {
    const { number } = arrival
    if ('error' in arrival) waiting[number]?.reject(arrival.error)
    else waiting[number]?.resolve(arrival.reply)
    await quiet()
    if ('error' in arrival) isOrderly = false
    else moves.push({ number, text: arrival.reply.text, asks: takeAsks() })
  }

  const goOn = async (): Promise<void> => {
    if (isBusy) return
    isBusy = true
    if (!atFirst) {
      await quiet()
      atFirst = takeAsks()
    }
    for (let arrival = arrivals[taken]; arrival; arrival = arrivals[taken]) {
      taken += 1
      await take(arrival)
    }
    isBusy = false
    if (!end) return
    const isWhole = isOrderly && end.data && end.errors.length === 0
    onNew(isWhole ? { asks: atFirst, moves, written: end } : undefined)
  }

  const run = async (): Promise<Written> => {
    try {
      return (end = await compute(watched))
    } finally {
      void goOn()
    }
  }

  const written = run()
  void goOn()
  return { written, goOn: () => void goOn() }
}
