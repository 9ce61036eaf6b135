import type { Logger } from '@codai/runtime'
import { connectRedis } from './redis.ts'

type Listener = (text: string) => void

/** Carries texts between publishers and listeners; the codec and the queues are the same above every carrier. */
export type Carrier = {
  publish(channel: string, text: string): Promise<void>
  /** Resolves, to a function that unsubscribes, when texts published from now on are received. */
  subscribe(channel: string, listener: Listener): Promise<() => void>
  check(): Promise<void>
  close(): Promise<void>
}

type Channel = { listeners: Set<Listener>; ready: Promise<unknown> }

/** The listeners of each channel; `open` and `shut` are called for a channel's first and last listener. */
const createChannels = (open: (channel: string) => Promise<unknown>, shut: (channel: string) => void) => {
  const channels = new Map<string, Channel>()

  const remove = (name: string, channel: Channel, listener: Listener): boolean => {
    channel.listeners.delete(listener)
    if (channel.listeners.size > 0 || channels.get(name) !== channel) return false
    return channels.delete(name)
  }

  return {
    deliver: (name: string, text: string): void => {
      for (const listener of channels.get(name)?.listeners ?? []) listener(text)
    },
    add: async (name: string, listener: Listener): Promise<() => void> => {
      const channel = channels.get(name) ?? { listeners: new Set(), ready: open(name) }
      channels.set(name, channel)
      channel.listeners.add(listener)
      try {
        await channel.ready
      } catch (error) {
        remove(name, channel, listener)
        throw error
      }
      return () => {
        if (remove(name, channel, listener)) shut(name)
      }
    },
  }
}

export const inProcessCarrier = (): Carrier => {
  const channels = createChannels(
    async () => undefined,
    () => undefined,
  )
  return {
    publish: async (channel, text) => channels.deliver(channel, text),
    subscribe: channels.add,
    check: async () => undefined,
    close: async () => undefined,
  }
}

/**
 * Redis publish/subscribe on two connections, since one that subscribes can do nothing else. Subscriptions are renewed by the
 * client when the connection comes back; texts published meanwhile are lost, as Redis keeps none.
 */
export const redisCarrier = (url: string, logger: Logger): Carrier => {
  const purpose = 'publish/subscribe'
  const publisher = connectRedis({ url, purpose, logger })
  const subscriber = connectRedis({ url, purpose, logger })

  /** Runs a command; when it fails because Redis is away, the error says so. */
  const explained = async (connection: typeof publisher, command: () => Promise<unknown>): Promise<void> => {
    try {
      await command()
    } catch (error) {
      await connection.check()
      throw error
    }
  }

  const channels = createChannels(
    (channel) => explained(subscriber, () => subscriber.client.subscribe(channel)),
    (channel) =>
      void subscriber.client
        .unsubscribe(channel)
        .catch((error: unknown) => logger.debug({ err: error, channel }, 'Redis could not unsubscribe')),
  )
  subscriber.client.on('message', channels.deliver)

  return {
    publish: (channel, text) => explained(publisher, () => publisher.client.publish(channel, text)),
    subscribe: channels.add,
    check: () => publisher.check(),
    close: async () => {
      await Promise.all([publisher.close(), subscriber.close()])
    },
  }
}
