import { randomUUID } from 'node:crypto'
import type { FormattedExecutionResult } from 'graphql'
import { bytesOf } from '../written.ts'

/** Lets data that is JSON text already pass through a protocol that serializes every message by itself. */
export type WrittenMessages = {
  /** A payload that stands for a result: its data are put in when the message is sent. */
  readonly payload: (result: FormattedExecutionResult) => FormattedExecutionResult
  /** What to send for the message that was serialized last: UTF-8 where data were put in. */
  readonly encode: (message: string) => string | Buffer
}

/**
 * graphql-ws sends what it has serialized before anything else runs: one message at a time needs to be remembered. Data
 * that many clients are sent was encoded once; only what is each client's own is put around it.
 */
export const createWrittenMessages = (): WrittenMessages => {
  // Nobody outside can guess it, so nobody can put it into a message.
  const placeholder = randomUUID()
  const quoted = `"${placeholder}"`
  let waiting: Buffer | undefined

  return {
    payload: (result) => {
      const bytes = bytesOf(result.data)
      if (bytes === undefined) return result
      const toJSON = (): string => {
        waiting = bytes
        return placeholder
      }
      return { ...result, data: { toJSON } }
    },
    encode: (message) => {
      if (waiting === undefined) return message
      const bytes = waiting
      waiting = undefined
      const at = message.indexOf(quoted)
      return Buffer.concat([Buffer.from(message.slice(0, at)), bytes, Buffer.from(message.slice(at + quoted.length))])
    },
  }
}
