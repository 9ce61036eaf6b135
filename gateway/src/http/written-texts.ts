import { randomUUID } from 'node:crypto'
import type { FormattedExecutionResult } from 'graphql'
import { textOf } from '../written.ts'

/** Lets data that is JSON text already pass through a protocol that serializes messages, and sends them when it likes. */
export type WrittenTexts = {
  /** A payload that stands for a result: its data are put in when the message is sent. */
  readonly payload: <Payload extends FormattedExecutionResult>(result: Payload) => Payload
  /** A message that was serialized, with the data of its payload. */
  readonly fill: (message: string) => string
}

export const createWrittenTexts = (): WrittenTexts => {
  // Nobody outside can guess it, so nobody can put it into a message.
  const secret = randomUUID()
  const placeholders = new RegExp(`"${secret} (\\d+)"`, 'g')
  const waiting = new Map<string, string>()
  let last = 0

  return {
    payload: (result) => {
      const text = textOf(result.data)
      if (text === undefined) return result
      const toJSON = (): string => {
        last += 1
        waiting.set(String(last), text)
        return `${secret} ${last}`
      }
      return { ...result, data: { toJSON } }
    },
    fill: (message) => {
      if (waiting.size === 0) return message
      return message.replace(placeholders, (_placeholder, number: string) => {
        const text = waiting.get(number) ?? 'null'
        waiting.delete(number)
        return text
      })
    },
  }
}
