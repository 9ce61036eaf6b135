import { setTimeout as pause } from 'node:timers/promises'
import { IDENTITY_HEADER } from '@codai/runtime'
import type { Logger } from '@codai/runtime'
import { createClient } from 'graphql-ws/client'
import type { Client } from 'graphql-ws/client'
import { WebSocket } from 'ws'
import type { Subgraph } from '../graph/graph.ts'
import type { Call } from '../operation.ts'

/** One socket to a subgraph that all subscriptions of one identity share. It is opened with the first of them. */
export type UpstreamConnection = {
  readonly client: Client
  readonly isOpen: () => boolean
  /** How large the message is that is being told of. */
  readonly messageBytes: () => number
  /** Whether it ended because of a message that is larger than may be. */
  readonly isTooLarge: () => boolean
  /** Calls back when the socket opens, also again, and when it is lost. Returns what ends it. */
  readonly watch: (watcher: ConnectionWatcher) => () => void
  /** Ends it at once, whatever it waits for. */
  readonly stop: () => void
}

export type ConnectionWatcher = { readonly onOpen: () => void; readonly onLost: () => void }

export type ConnectionOptions = {
  readonly subgraph: Subgraph
  /** Who opens it. Its identity is that of everybody who shares it. */
  readonly call: Call
  readonly logger: Logger
  /** How often a silent connection is asked for a sign of life, in milliseconds; the answer may take half as long. */
  readonly keepAliveMs: number
  /** How large a message may be. */
  readonly limitBytes: number
}

const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 5_000
const HANDSHAKE_BUDGET_MS = 5_000
/** The subgraph refuses the identity; asking again would not change its mind. */
const REFUSED = new Set<unknown>([4401, 4403])

/** Connects over graphql-transport-ws. While somebody waits, a socket that is lost is opened again, with growing pauses. */
export const createConnection = (options: ConnectionOptions): UpstreamConnection => {
  const { subgraph, call, logger, keepAliveMs, limitBytes } = options
  const watchers = new Set<ConnectionWatcher>()
  const stopped = new AbortController()
  let credentials: string | undefined
  let isOpen = false
  let isTooLarge = false
  let messageBytes = 0
  let lifeSign: NodeJS.Timeout | undefined

  const client = createClient({
    url: async () => {
      // Signed anew for every socket: an identity lives for a minute, a subscription for as long as it likes.
      credentials = await call.caller.credentials()
      return subgraph.url.replace(/^http/, 'ws')
    },
    webSocketImpl: createSocketClass({
      limitBytes,
      headers: () => ({
        'x-request-id': call.requestId,
        ...(credentials !== undefined && { [IDENTITY_HEADER]: credentials }),
      }),
      onMessage: (bytes) => {
        messageBytes = bytes
      },
      onTooLarge: () => {
        isTooLarge = true
      },
    }),
    connectionParams: () => (credentials === undefined ? {} : { identity: credentials }),
    connectionAckWaitTimeout: keepAliveMs,
    keepAlive: keepAliveMs,
    retryAttempts: Infinity,
    // What was too large once would be so again.
    shouldRetry: (reason) => !stopped.signal.aborted && !isTooLarge && !REFUSED.has(closeCodeOf(reason)),
    retryWait: async (retries) => {
      const longest = Math.min(FIRST_PAUSE_MS * 2 ** retries, LONGEST_PAUSE_MS)
      await pause(longest * (0.5 + Math.random() / 2), undefined, { signal: stopped.signal }).catch(() => {})
    },
    on: {
      connected: (_socket, _payload, wasRetry) => {
        isOpen = true
        isTooLarge = false
        if (wasRetry) logger.info({ subscriptions: watchers.size }, 'a lost subgraph streams again')
        for (const { onOpen } of watchers) onOpen()
      },
      closed: () => {
        clearTimeout(lifeSign)
        if (!isOpen) return
        isOpen = false
        if (stopped.signal.aborted || watchers.size === 0) return
        logger.warn({ subscriptions: watchers.size }, 'the connection of subscriptions is lost and retried')
        for (const { onLost } of watchers) onLost()
      },
      ping: (received) => {
        if (!received) lifeSign = setTimeout(() => client.terminate(), keepAliveMs / 2)
      },
      pong: (received) => {
        if (received) clearTimeout(lifeSign)
      },
    },
  })

  return {
    client,
    isOpen: () => isOpen,
    messageBytes: () => messageBytes,
    isTooLarge: () => isTooLarge,
    watch: (watcher) => {
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
    stop: () => {
      stopped.abort()
      clearTimeout(lifeSign)
    },
  }
}

type SocketClassOptions = {
  /** The headers of the moment. */
  readonly headers: () => Record<string, string>
  readonly limitBytes: number
  /** Told the size of each message before anybody else is told of it. */
  readonly onMessage: (bytes: number) => void
  readonly onTooLarge: () => void
}

/** The socket class that graphql-ws instantiates. */
const createSocketClass = ({ headers, limitBytes, onMessage, onTooLarge }: SocketClassOptions): typeof WebSocket =>
  new Proxy(WebSocket, {
    construct: (target, [url, protocols]: [string, string]) => {
      const socket = new target(url, protocols, {
        headers: headers(),
        handshakeTimeout: HANDSHAKE_BUDGET_MS,
        maxPayload: limitBytes,
        perMessageDeflate: false,
      })
      // A message of text comes as one buffer.
      socket.on('message', (data) => onMessage((data as Buffer).length))
      socket.on('error', (error) => {
        if ('code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') onTooLarge()
      })
      return socket
    },
  })

/** The code of a close event. */
export const closeCodeOf = (reason: unknown): number | undefined =>
  typeof reason === 'object' && reason !== null && 'code' in reason && typeof reason.code === 'number'
    ? reason.code
    : undefined
