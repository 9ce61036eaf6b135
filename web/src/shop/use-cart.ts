import { useQuery } from 'urql'
import { CartDocument } from '../.generated/shop.ts'
import type { CartPartsFragment } from '../.generated/shop.ts'
import { useSignedIn } from '../client/provider.tsx'

/** The own cart; undefined while it is not known, and for who is not signed in. */
export const useCart = () => {
  const signedIn = useSignedIn() !== null
  const [{ data, fetching, error }, reload] = useQuery({
    query: CartDocument,
    pause: !signedIn,
    requestPolicy: 'cache-and-network',
  })
  const cart: CartPartsFragment | null | undefined = data?.me?.cart
  return { cart, fetching, error, reload }
}

/** How many pieces are in a cart. */
export const piecesIn = (cart: CartPartsFragment | null | undefined): number =>
  (cart?.lines ?? []).reduce((sum, { quantity }) => sum + quantity, 0)
