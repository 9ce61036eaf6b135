/**
 * Reads for many at once: whoever asks while a read is under way waits for the next one, which is for all of them. So
 * nobody gets what was read before they asked, and however many ask, one read is under way.
 */
export const takeTurns = <Key, Found>(
  read: (keys: readonly Key[]) => Promise<Found>,
): ((keys: readonly Key[]) => Promise<Found>) => {
  let waiting: { readonly keys: Set<Key>; readonly found: Promise<Found> } | undefined
  let underWay: Promise<unknown> = Promise.resolve()

  return (keys) => {
    if (!waiting) {
      const wanted = new Set<Key>()
      const found = underWay.then(() => {
        waiting = undefined
        return read([...wanted])
      })
      underWay = found.catch(() => undefined)
      waiting = { keys: wanted, found }
    }
    for (const key of keys) waiting.keys.add(key)
    return waiting.found
  }
}
