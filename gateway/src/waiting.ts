/** Events that wait for their reader: bounded, and taken in their order. */
export type Waiting<Event> = {
  /** Lets an event wait; false when there is no room for it. */
  readonly add: (event: Event) => boolean
  readonly take: () => Event | undefined
  /** Forgets all that waits, and tells how many that were. */
  readonly clear: () => number
}

/** Keeps every event, up to `capacity` of them. */
export const inOrder = <Event>(capacity: number): Waiting<Event> => newestOfEach({ capacity, keyOf: () => undefined })

export type NewestOptions<Event> = {
  readonly capacity: number
  /** What an event is the newest state of; undefined when no other can stand for it. */
  readonly keyOf: (event: Event) => string | undefined
  /** Called for each event whose place a newer one took. */
  readonly onReplaced?: () => void
}

/** Keeps only the newest of the events with equal keys, at the place of the first of them, and every event without one. */
export const newestOfEach = <Event>({ capacity, keyOf, onReplaced }: NewestOptions<Event>): Waiting<Event> => {
  // A Map keeps insertion order, also when a value is replaced.
  const events = new Map<string | symbol, Event>()
  return {
    add: (event) => {
      const key = keyOf(event) ?? Symbol('an event of its own')
      if (events.has(key)) onReplaced?.()
      else if (events.size >= capacity) return false
      events.set(key, event)
      return true
    },
    take: () => {
      for (const [key, event] of events) {
        events.delete(key)
        return event
      }
      return undefined
    },
    clear: () => {
      const { size } = events
      events.clear()
      return size
    },
  }
}
