import { requireConfig } from '@codai/runtime'
import { loader } from '../_kit/index.ts'
import type { ContextOf, LoaderRequest, Platform } from '../_kit/index.ts'
import { createApps } from './apps.ts'
import { createKeys } from './keys.ts'
import { createOperations } from './operations.ts'
import { createRecording } from './recording.ts'
import { createRequests } from './requests.ts'
import { createKeyHash } from './secrets.ts'
import { createStore } from './store.ts'
import { createUsage } from './usage.ts'
import { createWatching } from './watching.ts'

/** Opens the apps over their tables. */
export const open = async (platform: Platform) => {
  const { config, newId, now, logger } = platform
  const hash = createKeyHash(requireConfig(config, 'identitySecret'))
  const store = createStore(await platform.relational(), await platform.events())
  const requests = createRequests({ store, newId, now })
  const usage = createUsage({ store })
  const { announce, watch } = createWatching({ ...usage, pubSub: platform.pubSub(), now, logger })
  return {
    store,
    hash,
    now,
    watch,
    ...usage,
    ...createApps({ store, requests, now }),
    ...createKeys({ store, requests, hash, now }),
    ...createOperations({ store, newId, now }),
    ...createRecording({ store, now, announce }),
  }
}

/** The third parties' door, as resolvers use it. */
export type Service = Awaited<ReturnType<typeof open>>

/** The batched reads of one request. */
export const loaders = ({ store }: Service, _request: LoaderRequest) => ({
  app: loader(store.apps, ({ id }) => id),
  key: loader(store.keys, ({ id }) => id),
})

export type Context = ContextOf<typeof open, typeof loaders>
