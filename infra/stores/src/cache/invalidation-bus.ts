import type { Logger } from '@codai/runtime'
import type { BusDriver, CreateBusDriverResult } from 'bentocache/types'
import { connectRedis } from './redis.ts'

type Handler = (payload: never) => void | Promise<void>

/**
 * Tells the memory layers of other processes which keys have changed, over Redis publish/subscribe.
 *
 * bentocache's own Redis bus neither listens for connection errors nor handles a subscription that fails, so an
 * unreachable Redis would end the process with an unhandled rejection. This one degrades: entries then live in other
 * processes until their time to live ends.
 */
export const redisInvalidationBus = (options: {
  url: string
  purpose: string
  logger: Logger
}): CreateBusDriverResult => ({
  options: {},
  factory: () => openTransport(options),
})

const openTransport = ({ url, purpose, logger }: { url: string; purpose: string; logger: Logger }): BusDriver => {
  const publisher = connectRedis({ url, purpose, logger })
  const subscriber = connectRedis({ url, purpose, logger, redisOptions: { maxRetriesPerRequest: null } })
  const handlers = new Map<string, Handler[]>()
  let busId = ''

  subscriber.client.on('message', (channel: string, text: string) => {
    const message = JSON.parse(text) as { busId: string; payload: never }
    if (message.busId === busId) return
    for (const handler of handlers.get(channel) ?? []) void handler(message.payload)
  })

  const transport: BusDriver = {
    setId: (id) => {
      busId = id
      return transport
    },
    onReconnect: (callback) => {
      subscriber.client.on('reconnecting', callback)
    },
    publish: async (channel, payload) => {
      await publisher.client.publish(channel, JSON.stringify({ busId, payload }))
    },
    subscribe: async (channel, handler) => {
      handlers.set(channel, [...(handlers.get(channel) ?? []), handler])
      await subscriber.client
        .subscribe(channel)
        .catch((error: unknown) => logger.warn({ err: error }, `Cache invalidations do not reach ${purpose}`))
    },
    unsubscribe: async (channel) => {
      handlers.delete(channel)
      await subscriber.client.unsubscribe(channel)
    },
    disconnect: async () => {
      await Promise.all([publisher.close(), subscriber.close()])
    },
  }
  return transport
}
