import { createValues } from '../generators.ts'
import type { Values } from '../generators.ts'

/** Holds values back until the reader of what they become waits for more. */
export type Gate = {
  readonly hold: <Value>(values: Values<Value>) => Values<Value>
  /** What the reader reads. */
  readonly read: <Value>(values: Values<Value>) => Values<Value>
}

/** For something in between that takes all it can get, and keeps it in memory while the reader is slow. */
export const createGate = (): Gate => {
  const waiting: (() => void)[] = []
  let isOpen = false

  const open = (): void => {
    isOpen = true
    for (const pass of waiting.splice(0)) pass()
  }
  const opened = (): Promise<void> => (isOpen ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve)))

  return {
    hold: (values) =>
      createValues({
        next: async () => {
          await opened()
          return values.next()
        },
        close: () => void values.return(),
      }),
    read: (values) =>
      createValues({
        next: async () => {
          open()
          const result = await values.next()
          isOpen = false
          return result
        },
        close: () => {
          void values.return()
          open()
        },
      }),
  }
}
