import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Logger } from '@codai/runtime'

import type { ChainNode } from './node.ts'
import { RpcError, rpcErrorCodes } from './rpc-error.ts'

const HOST = '127.0.0.1'
const MOST_BODY_BYTES = 2_000_000
const MOST_IN_A_BATCH = 1_000
const KEEP_ALIVE_MILLISECONDS = 65_000

type Reply = {
  jsonrpc: '2.0'
  id: unknown
  result?: unknown
  error?: { code: number; message: string; data?: unknown }
}

/** Serves a chain as JSON-RPC 2.0 over HTTP (`POST /`, one request or a batch) on the loopback address. */
export const serveNode = async (options: {
  node: ChainNode
  /** 0 takes a free one. */
  port: number
  logger: Logger
}): Promise<{ url: string; stop(): Promise<void> }> => {
  const { node, port, logger } = options

  const answer = async (request: unknown): Promise<Reply> => {
    const { id = null, method, params = [] } = (request ?? {}) as Record<string, unknown>
    try {
      if (typeof method !== 'string' || !Array.isArray(params)) {
        throw new RpcError(rpcErrorCodes.invalidRequest, 'A request has a method and a list of parameters.')
      }
      return { jsonrpc: '2.0', id, result: (await node.request(method, params)) ?? null }
    } catch (error) {
      return { jsonrpc: '2.0', id, error: refusalOf(error, logger) }
    }
  }

  const answerAll = async (text: string): Promise<Reply | Reply[]> => {
    const body = parse(text)
    if (body === undefined) return invalid(rpcErrorCodes.parseError, 'The request is not JSON.')
    if (!Array.isArray(body)) return answer(body)
    if (body.length === 0 || body.length > MOST_IN_A_BATCH) {
      return invalid(rpcErrorCodes.invalidRequest, `A batch has 1 to ${MOST_IN_A_BATCH} requests.`)
    }
    return Promise.all(body.map(answer))
  }

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'POST') return void response.writeHead(405, { allow: 'POST' }).end()
    // A page of a browser can send other types to any address without asking; for this one it has to ask, in vain.
    if (!request.headers['content-type']?.startsWith('application/json')) return void response.writeHead(415).end()
    const text = await readBody(request)
    if (text === undefined) return void response.writeHead(413, { connection: 'close' }).end()
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(await answerAll(text)))
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      logger.debug({ err: error }, 'a request to the chain broke off')
      response.destroy()
    })
  })
  server.keepAliveTimeout = KEEP_ALIVE_MILLISECONDS
  server.listen(port, HOST)
  await once(server, 'listening')
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      await closed
    },
  }
}

const readBody = async (request: IncomingMessage): Promise<string | undefined> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MOST_BODY_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const invalid = (code: number, message: string): Reply => ({ jsonrpc: '2.0', id: null, error: { code, message } })

const refusalOf = (error: unknown, logger: Logger): { code: number; message: string; data?: unknown } => {
  if (error instanceof RpcError) {
    const { code, message, data } = error
    return { code, message, ...(data !== undefined && data !== null && { data }) }
  }
  logger.error({ err: error }, 'the chain failed')
  return { code: rpcErrorCodes.internalError, message: 'The chain failed.' }
}
