import { useRef } from 'react'
import { randomKey } from './random-key.ts'

/**
 * Keys that make a repeated call harmless: the same for the same content, however often it is sent, and another one as
 * soon as something else is meant.
 */
export const useIntent = (): ((content: unknown) => string) => {
  const intent = useRef<{ readonly content: string; readonly key: string }>(undefined)
  return (content) => {
    const text = JSON.stringify(content)
    if (intent.current?.content !== text) intent.current = { content: text, key: randomKey() }
    return intent.current.key
  }
}
