import { randomUUID } from 'node:crypto'
import type { FormattedExecutionResult } from 'graphql'
import { textOf } from '../written.ts'

/** Lets data that is JSON text already pass through a protocol that serializes every message by itself. */
export type WrittenMessages = {
  /** A payload that stands for a result: its data are put in when the message is sent. */
  readonly payload: (result: FormattedExecutionResult) => FormattedExecutionResult
  /** The text to send for the message that was serialized last. */
  readonly text: (message: string) => string
}

/** graphql-ws sends what it has serialized before anything else runs: one message at a time needs to be remembered. */
export const createWrittenMessages = (): WrittenMessages => {
  // Nobody outside can guess it, so nobody can put it into a message.
  const placeholder = randomUUID()
  let waiting: string | undefined

  return {
    payload: (result) => {
      const text = textOf(result.data)
      if (text === undefined) return result
      const toJSON = (): string => {
        waiting = text
        return placeholder
      }
      return { ...result, data: { toJSON } }
    },
    text: (message) => {
      if (waiting === undefined) return message
      const text = waiting
      waiting = undefined
      return message.replace(`"${placeholder}"`, () => text)
    },
  }
}
