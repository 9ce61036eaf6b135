import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { Values } from '../generators.ts'

/** The answers over HTTP that stay open. */
export type OpenStreams = {
  /** Sends texts as they come, as fast as the client reads them. Ends them when the client leaves. */
  readonly send: (reply: FastifyReply, contentType: string, texts: Values<string>) => FastifyReply
  /** Cuts all: clients see a lost connection, and come again. */
  readonly stop: () => Promise<void>
}

/** How long a client may read nothing at all, in milliseconds; signs of life come more often. */
const SILENCE_MS = 30_000

export const createOpenStreams = (silenceMs: number = SILENCE_MS): OpenStreams => {
  const open = new Set<ServerResponse>()

  return {
    send: (reply, contentType, texts) => {
      const { raw } = reply
      open.add(raw)
      raw.once('close', () => open.delete(raw))
      raw.setTimeout(silenceMs, () => raw.destroy())
      return (
        reply
          .header('content-type', contentType)
          .header('cache-control', 'no-cache')
          // Proxies that gather answers before they pass them on (nginx) would hold events back.
          .header('x-accel-buffering', 'no')
          .send(Readable.from(texts))
      )
    },
    stop: async () => {
      for (const raw of open) raw.destroy()
    },
  }
}
