/**
 * JSON under construction, as UTF-8. Bytes instead of text: the many small texts that an answer is put together from would
 * outlive their moment, for the sake of one long text that has to be encoded after all. In: texts. Out: a buffer.
 */
export type Bytes = {
  buffer: Buffer
  /** How much of the buffer is written. */
  length: number
}

/** Makes room for about as many bytes as are expected; more are taken when they are needed. */
export const createBytes = (expected = 1_024): Bytes => ({ buffer: Buffer.allocUnsafe(expected), length: 0 })

/** What was written. It shares its memory with what is written later. */
export const written = ({ buffer, length }: Bytes): Buffer => {
  const bytes = buffer.subarray(0, length)
  // Half of it unused is too much to keep for as long as somebody keeps the answer.
  return length * 2 < buffer.length ? Buffer.from(bytes) : bytes
}

/** Appends text of ASCII alone: keys, numbers, punctuation. */
export const append = (bytes: Bytes, text: string): void => {
  const { length } = text
  reserve(bytes, length)
  const { buffer } = bytes
  const start = bytes.length
  for (let index = 0; index < length; index += 1) buffer[start + index] = text.charCodeAt(index)
  bytes.length = start + length
}

/** Appends JSON text of any kind. */
export const appendJson = (bytes: Bytes, json: string): void => {
  reserve(bytes, json.length * MOST_BYTES_PER_UNIT)
  bytes.length += bytes.buffer.write(json, bytes.length)
}

/** Appends a text as JSON. */
export const appendQuoted = (bytes: Bytes, text: string): void => {
  if (!(text.length > SHORT ? appendLong(bytes, text) : appendShort(bytes, text)))
    appendJson(bytes, JSON.stringify(text))
}

/** Appends again what was written before. */
export const appendAgain = (bytes: Bytes, start: number, end: number): void => {
  reserve(bytes, end - start)
  bytes.buffer.copyWithin(bytes.length, start, end)
  bytes.length += end - start
}

/** A unit of UTF-16 takes three bytes at most. */
const MOST_BYTES_PER_UNIT = 3

/** Past this length it is faster to leave texts to Node than to look at each character (measured on Node 20). */
const SHORT = 48

/** What is not written as it is: what JSON has to escape, and what is no ASCII. */
// oxlint-disable-next-line no-control-regex -- those are what it looks for
const SPECIAL = /[\u0000-\u001f"\\\u0080-\uffff]/

const QUOTE = 0x22

const appendShort = (bytes: Bytes, text: string): boolean => {
  const { length } = text
  reserve(bytes, length + 2)
  const { buffer } = bytes
  let at = bytes.length
  buffer[at] = QUOTE
  for (let index = 0; index < length; index += 1) {
    const code = text.charCodeAt(index)
    if (code < 0x20 || code > 0x7f || code === QUOTE || code === 0x5c) return false
    at += 1
    buffer[at] = code
  }
  buffer[at + 1] = QUOTE
  bytes.length = at + 2
  return true
}

const appendLong = (bytes: Bytes, text: string): boolean => {
  if (SPECIAL.test(text)) return false
  reserve(bytes, text.length + 2)
  const { buffer, length } = bytes
  buffer[length] = QUOTE
  buffer.write(text, length + 1, 'latin1')
  buffer[length + 1 + text.length] = QUOTE
  bytes.length = length + text.length + 2
  return true
}

const reserve = (bytes: Bytes, count: number): void => {
  const { buffer, length } = bytes
  if (length + count <= buffer.length) return
  const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, length + count))
  buffer.copy(larger, 0, 0, length)
  bytes.buffer = larger
}
