import { parentPort, workerData } from 'node:worker_threads'
import { readFacts } from '../graph/facts.ts'
import type { Answered, Asked } from './messages.ts'
import { createPlanOperation } from './plan-operation.ts'
import { readSupergraph } from './read-supergraph.ts'

/**
 * Reads a supergraph and plans over it in a thread of its own, so that requests are served meanwhile. In: a supergraph's
 * text, then requests.
 */
const { sdl } = workerData as { readonly sdl: string }

/** Made when first asked for, so that what is wrong with the text is an answer. */
const once = <Value>(make: () => Value): (() => Value) => {
  let made: { readonly value: Value } | undefined
  return () => (made ??= { value: make() }).value
}

const read = once(() => readSupergraph(sdl))
const planOperation = once(() => createPlanOperation(read()))

const answer = ({ id, request }: Asked): Answered => {
  try {
    if (request.kind === 'read') return { id, facts: readFacts(read()) }
    return { id, planned: planOperation()(request.operation) }
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) }
  }
}

parentPort?.on('message', (asked: Asked) => {
  const answered = answer(asked)
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(answered)
  // Gets ready while the schemas are built of what was read: the first operation need not wait for it.
  if ('facts' in answered) planOperation()
})
