import type { CombinedError } from '@urql/core'
import { useQuery, useSubscription } from 'urql'
import { OrderUpdatedDocument, OwnOrdersDocument } from '../.generated/orders.ts'
import type { OwnOrderFragment } from '../.generated/orders.ts'
import { useSignedIn } from '../client/provider.tsx'
import { isOpen } from './order-words.ts'

/** The own orders. */
export type Orders = {
  readonly open: readonly OwnOrderFragment[]
  readonly finished: readonly OwnOrderFragment[]
  readonly loading: boolean
  readonly error: CombinedError | undefined
  readonly reload: () => void
}

/** The own orders, live: those that can still change, and the latest of those that cannot. */
export const useOrders = (): Orders => {
  const pause = useSignedIn() === null
  const [{ data, fetching, error }, again] = useQuery({ query: OwnOrdersDocument, pause })
  useSubscription({ query: OrderUpdatedDocument, pause })
  const me = data?.me
  // An old order may still be open: what can change is asked for besides the latest.
  const lists = [me?.all, me?.resting, me?.partial, me?.waiting]
  const orders = lists.flatMap((list) => list?.edges.map((edge) => edge.node) ?? [])
  const known = [...new Map(orders.map((order) => [order.id, order])).values()].toSorted((a, b) =>
    b.createdAt.localeCompare(a.createdAt),
  )
  return {
    open: known.filter(isOpen),
    finished: known.filter((order) => !isOpen(order)),
    loading: fetching && data === undefined,
    error: me?.all ? undefined : error,
    reload: () => again({ requestPolicy: 'network-only' }),
  }
}
