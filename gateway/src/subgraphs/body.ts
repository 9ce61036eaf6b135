import { isUtf8 } from 'node:buffer'

/** A body that is larger than there is room for. The message completes "answered with …". */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge'
}

export type Body = AsyncIterable<Uint8Array> & { readonly bytes: () => Promise<Uint8Array> }

/**
 * Reads a body as text. Throws `BodyTooLarge` as soon as it is known to be too large, and an error for a body that is
 * not UTF-8: what would stand for the broken bytes is not what the subgraph meant.
 */
export type ReadBody = (body: Body, contentLength: string | undefined) => Promise<string>

export type BodyLimits = {
  /** How many bytes one body may have. */
  readonly one: number
  /** How many bytes all large bodies may have that are being read at the same time. */
  readonly together: number
}

/** Below this, a body counts for nothing: the number of requests bounds what many small ones take. */
const SMALL_BYTES = 256_000
const BYTE_ORDER_MARK = '\u{feff}'

export const createReadBody = ({ one, together }: BodyLimits): ReadBody => {
  let held = 0

  const collect = async (body: Body): Promise<Uint8Array> => {
    const chunks: Uint8Array[] = []
    let size = 0
    let counted = 0
    try {
      // Leaving the loop ends the body, and its connection.
      for await (const chunk of body) {
        chunks.push(chunk)
        size += chunk.length
        if (size > one) throw tooLarge(one)
        if (size <= SMALL_BYTES) continue
        held += size - counted
        counted = size
        if (held > together) throw new BodyTooLarge('more than there is room for at the moment')
      }
      return Buffer.concat(chunks, size)
    } finally {
      held -= counted
    }
  }

  return async (body, contentLength) => {
    const declared = contentLength === undefined ? undefined : Number(contentLength)
    const isSmall = declared !== undefined && declared <= Math.min(one, SMALL_BYTES)
    return decode(isSmall ? await body.bytes() : await collect(body))
  }
}

const tooLarge = (limit: number): BodyTooLarge => new BodyTooLarge(`more than the ${limit} bytes that are allowed`)

const decode = (bytes: Uint8Array): string => {
  if (!isUtf8(bytes)) throw new Error('a body that is not UTF-8')
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
}
