import type { Logger } from '@codai/runtime'
import { inProcessCarrier, redisCarrier } from './carriers.ts'
import { createTopicSubscription } from './topic-subscription.ts'
import type { TopicSubscription } from './topic-subscription.ts'
import { decode, encode } from './wire.ts'

/** `Topics` names the payload of each topic: `openPubSub<{ 'bancai.transfer': Transfer }>(…)`. */
export type PubSub<Topics extends Record<string, unknown> = Record<string, unknown>> = {
  /**
   * Gives the payload to every subscriber of the topic, in this process and, with Redis, in all others. Each gets its own
   * copy, in which dates and bigints keep their type. Throws UNAVAILABLE when Redis cannot be reached.
   */
  publish<Topic extends keyof Topics & string>(topic: Topic, payload: Topics[Topic]): Promise<void>
  /**
   * The events of a topic from now on (with Redis: from when `ready` resolves). Returning from the iterator unsubscribes.
   * A subscriber 1,000 events behind is thrown out with an UNAVAILABLE error.
   */
  subscribe<Topic extends keyof Topics & string>(topic: Topic): TopicSubscription<Topics[Topic]>
  /** Throws UNAVAILABLE when Redis is configured and does not answer. */
  check(): Promise<void>
  /** Ends every subscription. */
  close(): Promise<void>
}

/** Opens publish/subscribe: in process, or through Redis when `redisUrl` is given. Delivery is at most once. */
export const openPubSub = <Topics extends Record<string, unknown> = Record<string, unknown>>(options: {
  redisUrl?: string | undefined
  logger: Logger
}): PubSub<Topics> => {
  const { redisUrl, logger } = options
  const carrier = redisUrl === undefined ? inProcessCarrier() : redisCarrier(redisUrl, logger)
  const running = new Set<() => void>()

  /** A text that is not ours, on a Redis shared with others, must not end the process that hears it. */
  const deliver = (channel: string, text: string, push: (payload: unknown) => void): void => {
    try {
      push(decode(text))
    } catch (error) {
      logger.error({ err: error, channel }, 'Dropped an event that could not be read')
    }
  }

  return {
    publish: async (topic, payload) => carrier.publish(channelOf(topic), encode(payload)),
    subscribe: <Topic extends keyof Topics & string>(topic: Topic) => {
      const { subscription, end } = createTopicSubscription<Topics[Topic]>({
        topic,
        subscribe: (push) => {
          const channel = channelOf(topic)
          return carrier.subscribe(channel, (text) =>
            deliver(channel, text, (payload) => push(payload as Topics[Topic])),
          )
        },
        onEnd: () => running.delete(end),
      })
      running.add(end)
      return subscription
    },
    check: () => carrier.check(),
    close: async () => {
      for (const end of running) end()
      await carrier.close()
    },
  }
}

const channelOf = (topic: string): string => `codai:topic:${topic}`
