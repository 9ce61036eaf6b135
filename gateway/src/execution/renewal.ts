import type { Item, Memory } from './memory.ts'

export type RenewalOptions<Event> = {
  readonly memory: Memory
  /** Opens a stream beside the one that is shared; undefined where that is not possible. */
  readonly open: (next: (event: Event) => unknown, end: () => void) => (() => void) | undefined
  readonly toItem: (event: Event) => Promise<Item>
  /** Called when the memory knows a whole state again, or is closed because there is none to be had. */
  readonly onEnd: () => void
}

/** Gets a whole state from a stream that is opened for it, and closed again when it came. One at a time. */
export type Renewal = { readonly begin: () => void; readonly stop: () => void }

export const createRenewal = <Event>({ memory, open, toItem, onEnd }: RenewalOptions<Event>): Renewal => {
  let current: { readonly close: () => void } | undefined

  const stop = (): void => {
    current?.close()
    current = undefined
  }

  const begin = (): void => {
    if (current) return
    const takeIn = memory.renew()
    const isCurrent = (): boolean => current === mine

    const giveUp = (): void => {
      if (!isCurrent()) return
      memory.close()
      stop()
      onEnd()
    }
    const receive = async (event: Event): Promise<void> => {
      mine.close()
      try {
        const state = await toItem(event)
        if (!isCurrent()) return
        if (!takeIn(state)) return giveUp()
        stop()
        onEnd()
      } catch {
        giveUp()
      }
    }
    const mine = { close: () => close?.() }
    current = mine
    const close = open(receive, giveUp)
    if (!close) giveUp()
  }

  return { begin, stop }
}
