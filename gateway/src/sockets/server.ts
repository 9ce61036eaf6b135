import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { handleProtocols } from 'graphql-ws'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import type { Logger } from '@codai/runtime'
import type { GatewayMetrics } from '../metrics.ts'
import type { OpenSocket } from './graphql.ts'

export type SocketServerOptions = {
  readonly server: Server
  readonly addressOf: (request: IncomingMessage) => string
  /** Who takes WebSockets, by path; every other path is refused. */
  readonly paths: Readonly<Record<string, OpenSocket>>
  readonly logger: Logger
  /** The largest message that a client may send, in bytes. */
  readonly maxPayload: number
  readonly metrics: GatewayMetrics
  /** How often a client is asked for a sign of life, in milliseconds; the answer may take as long. */
  readonly keepAliveMs?: number
}

export type SocketServer = {
  /** Closes every socket with 1001, and cuts those that do not answer. */
  readonly stop: () => Promise<void>
}

const GOING_AWAY = 1001
const CLOSE_GRACE_MS = 2_000

/** Serves graphql-transport-ws on an HTTP server's upgrades. */
export const createSocketServer = (options: SocketServerOptions): SocketServer => {
  const { server, addressOf, paths, maxPayload, metrics, logger, keepAliveMs = 12_000 } = options
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload,
    perMessageDeflate: false,
    handleProtocols: (protocols) => handleProtocols(protocols),
  })

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const path = request.url?.split('?', 1)[0] ?? ''
    const open = Object.hasOwn(paths, path) ? paths[path] : undefined
    if (!open) return refuse(socket)
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', (error) => logger.debug({ err: error }, 'a WebSocket failed'))
      webSocket.once('close', metrics.socketOpened())
      terminateWhenSilent(webSocket, keepAliveMs)
      open(webSocket, addressOf(request))
    })
  }
  server.on('upgrade', upgrade)

  return {
    stop: async () => {
      server.off('upgrade', upgrade)
      const clients = [...webSockets.clients]
      const closed = clients.map((client) => new Promise<void>((resolve) => client.once('close', () => resolve())))
      for (const client of clients) client.close(GOING_AWAY, 'Going away')
      const cut = setTimeout(() => {
        for (const client of clients) client.terminate()
      }, CLOSE_GRACE_MS)
      await Promise.all(closed)
      clearTimeout(cut)
      webSockets.close()
    },
  }
}

const refuse = (socket: Duplex): void => {
  socket.on('error', () => {})
  socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', () => socket.destroy())
}

/** A client that is gone without a word, or reads nothing any more, does not answer pings. */
const terminateWhenSilent = (webSocket: WebSocket, everyMs: number): void => {
  let answered = true
  webSocket.on('pong', () => (answered = true))
  const timer = setInterval(() => {
    if (!answered) return webSocket.terminate()
    answered = false
    webSocket.ping()
  }, everyMs)
  webSocket.once('close', () => clearInterval(timer))
}
