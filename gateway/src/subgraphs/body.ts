import { isUtf8 } from 'node:buffer'

/** A body that is larger than there is room for. The message completes "answered with …". */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge'
}

/** A body that is being received. */
export type Body = {
  /** Takes a piece of it. Throws `BodyTooLarge` as soon as it is known to be too large. */
  readonly add: (chunk: Buffer) => void
  /** All of it. Throws an error where it is not UTF-8: what would stand for the broken bytes is not what was meant. */
  readonly text: () => string
  /** Gives back the room that it took. */
  readonly drop: () => void
}

export type BodyLimits = {
  /** How many bytes one body may have. */
  readonly one: number
  /** How many bytes all large bodies may have that are being read at the same time. */
  readonly together: number
}

/** Below this, a body counts for nothing: the number of requests bounds what many small ones take. */
const SMALL_BYTES = 256_000
const BYTE_ORDER_MARK = '\u{feff}'

/** Begins bodies that share the limits. */
export const createBodies = ({ one, together }: BodyLimits): (() => Body) => {
  let held = 0

  return () => {
    let chunks: Buffer[] = []
    let size = 0
    let counted = 0
    return {
      add: (chunk) => {
        chunks.push(chunk)
        size += chunk.length
        if (size > one) throw new BodyTooLarge(`more than the ${one} bytes that are allowed`)
        if (size <= SMALL_BYTES) return
        held += size - counted
        counted = size
        if (held > together) throw new BodyTooLarge('more than there is room for at the moment')
      },
      text: () => decode(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size)),
      drop: () => {
        held -= counted
        counted = 0
        chunks = []
      },
    }
  }
}

const decode = (bytes: Buffer): string => {
  if (!isUtf8(bytes)) throw new Error('a body that is not UTF-8')
  const text = bytes.toString()
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
}
