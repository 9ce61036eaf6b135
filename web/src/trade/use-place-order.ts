import { useRef } from 'react'
import { PlaceOrderDocument } from '../.generated/orders.ts'
import type { OwnOrderFragment, PlaceOrderInput } from '../.generated/orders.ts'
import { useAction } from '../client/use-action.ts'
import type { Action } from '../client/use-action.ts'
import { randomKey } from '../shared/random-key.ts'

type Intent = Omit<PlaceOrderInput, 'idempotencyKey'>

/**
 * Places orders. The key of an intent is kept until the exchange has answered it: who presses the button again after a
 * lost answer sends the same order, and not a second one.
 */
export const usePlaceOrder = (): Pick<Action<unknown, unknown>, 'busy' | 'error' | 'clear'> & {
  readonly place: (intent: Intent) => Promise<OwnOrderFragment | undefined>
} => {
  const action = useAction(PlaceOrderDocument)
  const open = useRef<{ readonly intent: string; readonly key: string }>(undefined)
  return {
    busy: action.busy,
    error: action.error,
    clear: action.clear,
    place: async (intent) => {
      const content = JSON.stringify(intent)
      if (open.current?.intent !== content) open.current = { intent: content, key: randomKey() }
      const data = await action.run({ input: { ...intent, idempotencyKey: open.current.key } })
      if (!data?.placeOrder) return undefined
      open.current = undefined
      return data.placeOrder
    },
  }
}
