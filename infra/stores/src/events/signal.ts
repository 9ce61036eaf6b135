export type Signal = {
  /** Ends the present wait, or the next one when nobody waits. */
  wake(): void
  /** Waits to be woken, at most the given milliseconds. */
  wait(milliseconds: number): Promise<void>
}

/** Something to wait for that cannot be missed between looking and waiting. */
export function createSignal(): Signal {
  let woken = false
  let end: (() => void) | undefined
  return {
    wake() {
      woken = true
      end?.()
    },
    async wait(milliseconds) {
      if (!woken) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds)
          end = () => {
            clearTimeout(timer)
            resolve()
          }
        })
        end = undefined
      }
      woken = false
    },
  }
}
