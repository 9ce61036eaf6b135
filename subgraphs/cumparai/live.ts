import { createWatch } from '../_kit/index.ts'
import type { Platform, Watch } from '../_kit/index.ts'
import type { PurchaseRecord } from './purchases-store.ts'
import type { Store } from './store.ts'

/** The live side of purchases. */
export const createLive = ({ purchases }: Store, platform: Platform): Watch<PurchaseRecord> =>
  createWatch(platform, {
    typeName: 'Purchase',
    read: async (id) => (await purchases.byIds([id]))[0],
    versionOf: ({ status, updatedAt }) => `${status} ${updatedAt.toISOString()}`,
  })
