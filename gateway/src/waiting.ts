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
  /** How much room there is for all together, however few they are; one alone always has it. */
  readonly room?: { readonly most: number; readonly sizeOf: (event: Event) => number }
  /** What an event is the newest state of; undefined when no other can stand for it. */
  readonly keyOf: (event: Event) => string | undefined
  /** Called for each event whose place a newer one took. */
  readonly onReplaced?: () => void
}

/** Keeps only the newest of the events with equal keys, at the place of the first of them, and every event without one. */
export const newestOfEach = <Event>({ capacity, room, keyOf, onReplaced }: NewestOptions<Event>): Waiting<Event> => {
  // A Map keeps insertion order, also when a value is replaced.
  const events = new Map<string | symbol, Event>()
  let taken = 0

  const sizeOf = (event: Event | undefined): number => (event === undefined ? 0 : (room?.sizeOf(event) ?? 0))
  return {
    add: (event) => {
      const key = keyOf(event) ?? Symbol('an event of its own')
      const replaced = events.get(key)
      const others = events.size - (replaced === undefined ? 0 : 1)
      const size = taken - sizeOf(replaced) + sizeOf(event)
      if (others >= capacity || (others > 0 && room && size > room.most)) return false
      if (replaced !== undefined) onReplaced?.()
      events.set(key, event)
      taken = size
      return true
    },
    take: () => {
      for (const [key, event] of events) {
        events.delete(key)
        taken -= sizeOf(event)
        return event
      }
      return undefined
    },
    clear: () => {
      const { size } = events
      events.clear()
      taken = 0
      return size
    },
  }
}
