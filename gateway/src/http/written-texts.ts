import { randomUUID } from 'node:crypto'
import type { FormattedAnswer } from '../deferral.ts'
import { bytesOf } from '../written.ts'

/** Lets data that is JSON text already pass through a protocol that serializes messages, and sends them when it likes. */
export type WrittenTexts = {
  /** A payload that stands for a result: its data are put in when the message is sent. */
  readonly payload: (answer: FormattedAnswer) => FormattedAnswer
  /** A message that was serialized, with the data of its payload. */
  readonly fill: (message: string) => string
}

export const createWrittenTexts = (): WrittenTexts => {
  // Nobody outside can guess it, so nobody can put it into a message.
  const secret = randomUUID()
  const placeholders = new RegExp(`"${secret} (\\d+)"`, 'g')
  const waiting = new Map<string, string>()
  let last = 0

  const placeholderOf = (data: Record<string, unknown>): Record<string, unknown> => {
    const bytes = bytesOf(data)
    if (bytes === undefined) return data
    const toJSON = (): string => {
      last += 1
      waiting.set(String(last), bytes.toString())
      return `${secret} ${last}`
    }
    return { toJSON }
  }

  return {
    payload: (answer) => ({
      ...answer,
      ...(answer.data && { data: placeholderOf(answer.data) }),
      ...(answer.incremental && {
        incremental: answer.incremental.map((patch) => ({ ...patch, data: patch.data && placeholderOf(patch.data) })),
      }),
    }),
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
