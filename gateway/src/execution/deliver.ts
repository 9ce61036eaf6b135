import { AnswerTooLargeError } from '@codai/engine'
import type { Patch as WrittenPatch, Prepared } from '@codai/engine'
import { createCancellation } from '../cancellation.ts'
import { DONE, createValues } from '../generators.ts'
import type { Call, Delivery, Operation, Patch } from '../operation.ts'
import { writtenData } from '../written.ts'
import { resultOf, tooLarge } from './sending.ts'
import type { Sending } from './sending.ts'

/** Runs an operation with parts that come later. Who ends them, or cancels the call, ends the work for them. */
export const deliver = async (
  prepared: Prepared,
  { graph, variables }: Operation,
  call: Call,
  send: Sending,
): Promise<Delivery> => {
  const cancellation = createCancellation()
  const stay = call.cancellation?.onCancel(cancellation.cancel)
  const delivered = prepared.deliver(variables, send(graph, { ...call, cancellation }))
  const first = await resultOf(delivered.then((delivery) => delivery.first))
  const { next } = 'data' in first ? await delivered : { next: undefined }
  if (!next) {
    stay?.()
    return { first, rest: undefined }
  }
  let hasNext = true
  const rest = createValues({
    next: async () => {
      if (!hasNext) return DONE
      const came = await next()
      hasNext = came.hasNext
      return { done: false, value: { incremental: came.patches.map(toPatch), hasNext } }
    },
    close: () => {
      stay?.()
      cancellation.cancel()
    },
  })
  return { first, rest }
}

const toPatch = ({ data, path, label, errors }: WrittenPatch): Patch => ({
  data: data === null ? null : writtenData(data),
  path,
  ...(label !== undefined && { label }),
  ...(errors.length > 0 && {
    errors: errors.map((error) =>
      error.originalError instanceof AnswerTooLargeError ? tooLarge(error.message) : error,
    ),
  }),
})
