import type { Events } from '@codai/stores'
import type { PrismaClient } from '../.generated/prisma/client.ts'
import { accountStore } from './store-accounts.ts'
import { factorStore } from './store-factors.ts'
import { keyStore } from './store-keys.ts'
import { oauthStore } from './store-oauth.ts'
import { sessionStore } from './store-sessions.ts'

/** All that this service reads and writes. What must happen together is one call. */
export const createStore = (client: PrismaClient, events: Events) => ({
  ...accountStore(client, events),
  ...sessionStore(client, events),
  ...factorStore(client),
  ...oauthStore(client, events),
  ...keyStore(client),
})

/** See `createStore`. */
export type Store = ReturnType<typeof createStore>
