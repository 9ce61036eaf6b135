import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import proxyAddr from '@fastify/proxy-addr'
import { LogController, fastify } from 'fastify'
import type { FastifyBaseLogger, FastifyInstance, FastifyReply } from 'fastify'
import { GraphQLError } from 'graphql'
import { ConfigError } from './config.ts'
import { errorStatus, isErrorCode } from './errors.ts'
import type { ErrorCode } from './errors.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { Logger } from './logs.ts'
import type { Metrics } from './metrics.ts'

export type HttpServerOptions = {
  /** Who listens: 'gateway', or a service's name. */
  readonly name: string
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly logger: Logger
  readonly metrics: Metrics
  readonly lifecycle: Lifecycle
  /** The largest request body, in bytes. */
  readonly bodyLimit: number
  /** The proxies whose word is taken for where a request comes from: addresses, networks, or `loopback` and the like. */
  readonly trustProxy?: readonly string[]
  /** More to tell at /health/ready, such as the state of circuit breakers. */
  readonly readinessDetails?: () => Promise<Record<string, unknown>> | Record<string, unknown>
  /** How long `close` lets running requests finish, in milliseconds (5 s by default). */
  readonly drainTimeoutMs?: number
}

export type HttpServer = {
  readonly app: FastifyInstance
  /** Node's own server, for WebSocket upgrades. */
  readonly server: Server
  /** Where a request comes from, such as that for a WebSocket: of those behind proxies, what the trusted ones say. */
  readonly addressOf: (request: IncomingMessage) => string
  /** Starts listening. Throws `ConfigError` when the port is taken. */
  listen(): Promise<{ readonly url: string; readonly port: number }>
  /** Stops accepting, lets running requests finish, then cuts what is left. */
  close(): Promise<void>
}

/** An HTTP server with what every process has: request ids, logs, metrics, health, coded errors and an orderly end. */
export const createHttpServer = async (options: HttpServerOptions): Promise<HttpServer> => {
  const { name, host, port, logger, metrics, lifecycle, bodyLimit, drainTimeoutMs = 5_000 } = options
  const isTrusted = proxyAddr.compile([...(options.trustProxy ?? [])])
  const loggerInstance: FastifyBaseLogger = logger
  const app: FastifyInstance = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit,
    genReqId: requestIdOf,
    trustProxy: isTrusted,
    // While draining, a request on an open connection is still answered; the answer closes the connection.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    frameworkErrors: (error, _request, reply) => void sendError(reply, error, logger),
    clientErrorHandler: refuseMalformed,
  })

  let draining = false
  const sockets = new Set<Socket>()
  app.server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })

  observeRequests(app, metrics, logger)
  app.addHook('onSend', async (_request, reply) => {
    if (draining) void reply.header('connection', 'close')
  })
  app.addHook('onResponse', async () => {
    // A hijacked reply had no chance to say "connection: close".
    if (draining) setImmediate(() => app.server.closeIdleConnections())
  })
  app.setErrorHandler((error, _request, reply) => sendError(reply, error, logger))
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send(errorBody('NOT_FOUND', `There is nothing at ${request.method} ${pathOf(request.url)}.`)),
  )

  app.get('/health/live', async () => ({ status: 'live' }))
  app.get('/health/ready', async (_request, reply) => {
    const readiness = await lifecycle.readiness()
    const details = await options.readinessDetails?.()
    return reply.code(readiness.ready ? 200 : 503).send({ ...details, state: lifecycle.state, ...readiness })
  })
  app.get('/metrics', async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.text()))

  let closing: Promise<void> | undefined
  const drain = async (): Promise<void> => {
    draining = true
    const cut = setTimeout(() => {
      logger.warn({ connections: sockets.size }, 'connections still open at the end of draining are cut')
      for (const socket of sockets) socket.destroy()
    }, drainTimeoutMs)
    try {
      await app.close()
    } finally {
      clearTimeout(cut)
    }
  }
  const close = (): Promise<void> => (closing ??= drain())

  return {
    app,
    server: app.server,
    addressOf: (request) => proxyAddr(request, isTrusted),
    listen: async () => {
      try {
        await app.listen({ host, port, listenTextResolver: (address) => `listening at ${address}` })
      } catch (error) {
        throw listenError(error, name, host, port)
      }
      lifecycle.onStop(`http ${name}`, close)
      const taken = (app.server.address() as AddressInfo).port
      return { url: `http://${reachable(host)}:${taken}`, port: taken }
    },
    close,
  }
}

const requestIdOf = (request: Pick<IncomingMessage, 'headers'>): string => {
  const given = request.headers['x-request-id']
  return requestIdFrom(given)
}

/** The id that a request or message gives itself, when it is fit for logs (8 to 64 letters, digits, `-`, `_`); else a new one. */
export const requestIdFrom = (given: unknown): string =>
  typeof given === 'string' && /^[A-Za-z0-9_-]{8,64}$/.test(given) ? given : randomUUID()

const pathOf = (url: string): string => url.split('?', 1)[0] ?? url

const observeRequests = (app: FastifyInstance, metrics: Metrics, logger: Logger): void => {
  const durations = metrics.histogram(
    'http_request_duration_seconds',
    'Time from the arrival of a request to the end of its answer',
    ['route', 'method', 'status'],
  )
  app.addHook('onRequest', async (request, reply) => {
    const startedAt = performance.now()
    // On the raw response, so that answers written past Fastify have it too.
    reply.raw.setHeader('x-request-id', request.id)
    // 'close' and not the hook onResponse: it also comes when the client leaves before the end.
    reply.raw.once('close', () => {
      const seconds = (performance.now() - startedAt) / 1000
      const { statusCode, writableFinished } = reply.raw
      const route = request.routeOptions.url ?? 'unmatched'
      const status = writableFinished ? String(statusCode) : 'aborted'
      durations.observe({ route, method: request.method, status }, seconds)
      const entry = { requestId: request.id, method: request.method, path: pathOf(request.url), status, seconds }
      logger[statusCode >= 500 ? 'warn' : 'debug'](entry, 'request')
    })
  })
}

const errorBody = (code: ErrorCode, message: string, extensions?: Record<string, unknown>): object => ({
  errors: [{ message, extensions: { ...extensions, code } }],
})

const sendError = (reply: FastifyReply, error: unknown, logger: Logger): FastifyReply => {
  if (error instanceof GraphQLError && isErrorCode(error.extensions.code)) {
    const { code } = error.extensions
    if (code !== 'INTERNAL_SERVER_ERROR') {
      return reply.code(errorStatus(code)).send(errorBody(code, error.message, error.extensions))
    }
  }
  const status = statusOf(error)
  if (status === 413) return reply.code(413).send(errorBody('PAYLOAD_TOO_LARGE', 'The request body is too large.'))
  if (status < 500 && error instanceof Error) return reply.code(status).send(errorBody('BAD_REQUEST', error.message))

  const requestId = reply.request.id
  logger.error({ err: error, requestId }, 'a request failed on our side')
  const message = 'Something went wrong on our side.'
  return reply.code(500).send(errorBody('INTERNAL_SERVER_ERROR', message, { requestId }))
}

const statusOf = (error: unknown): number => {
  if (!(error instanceof Error) || !('statusCode' in error)) return 500
  const { statusCode } = error
  return typeof statusCode === 'number' && statusCode >= 400 ? statusCode : 500
}

/** Answers bytes that are not HTTP, for which there is no request and no reply. */
const refuseMalformed = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const body = JSON.stringify(errorBody('BAD_REQUEST', 'The request is not valid HTTP.'))
  if (!socket.writable) return void socket.destroy()
  const head = `HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}`
  socket.end(`${head}\r\nConnection: close\r\n\r\n${body}`, () => socket.destroy())
}

const listenError = (error: unknown, name: string, host: string, port: number): unknown => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const another = name === 'gateway' ? `GATEWAY_PORT=${port + 1} npm start` : 'PORT_OFFSET=10000 npm start'
  const needer = name === 'gateway' ? 'the gateway' : name
  if (code === 'EADDRINUSE') {
    const advice = `Stop what uses it, or choose another: ${another}`
    return new ConfigError(`Port ${port} is taken, needed by ${needer}. ${advice}`, { cause: error })
  }
  if (code === 'EACCES') {
    const advice = `Choose one above 1023: ${another}`
    return new ConfigError(`Port ${port}, needed by ${needer}, may not be used by this user. ${advice}`, {
      cause: error,
    })
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new ConfigError(`HOST is ${host}, which is not an address of this machine.`, { cause: error })
  }
  return error
}

const reachable = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
