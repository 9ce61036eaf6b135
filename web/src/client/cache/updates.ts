import type { Cache, UpdateResolver, UpdatesConfig } from '@urql/exchange-graphcache'
import { text } from './keys.ts'

/** What mutations and subscriptions change beyond the things that they answer with. */
export type Updates = {
  readonly Mutation?: NonNullable<UpdatesConfig['Mutation']>
  readonly Subscription?: NonNullable<UpdatesConfig['Subscription']>
}

/** An update that looks at the one field of its mutation or subscription. */
export const onField =
  (
    field: string,
    act: (value: Record<string, unknown>, cache: Cache, args: Record<string, unknown>) => void,
  ): UpdateResolver =>
  (result, args, cache) => {
    const value = result[field]
    if (typeof value === 'object' && value !== null) act(value as Record<string, unknown>, cache, args)
  }

/** The person who is signed in, as the cache knows things; null while it is not known. */
export const me = (cache: Cache): string | null => text(cache.resolve('Query', 'me'))

/** The field of the input with which a mutation was called. */
export const inputField = (args: Record<string, unknown>, field: string): string | null =>
  text((args['input'] as Record<string, unknown> | undefined)?.[field])
