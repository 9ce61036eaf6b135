import { CodedError, codedError, errorStatus } from '@codai/runtime'
import type { LocalBuckets } from '@codai/stores/limits'
import { Kind, OperationTypeNode } from 'graphql'
import type { FragmentDefinitionNode, SelectionSetNode } from 'graphql'
import { fragmentsOf } from '../selections.ts'
import { DONE, createValues, interruptible } from '../generators.ts'
import type { Values } from '../generators.ts'
import type { Call, Operation, Result } from '../operation.ts'
import type { Operations } from '../operations.ts'
import { keyNeeded } from './access.ts'
import type { Access } from './access.ts'
import type { Admission, Admitted } from './admission.ts'
import { rateLimited } from '../limit-headers.ts'

export type PublicOperationsOptions = {
  /** What runs operations, once they may run. */
  readonly operations: Operations
  readonly admission: Admission
  /** What callers without a key may use, by address. */
  readonly visitors: LocalBuckets
  /** How often an open subscription asks whether its key still works, in milliseconds. */
  readonly watchMs?: number
}

/** The schema can be read without a key, so that tools work: 60 times at once from one address, and once more each second. */
const VISITOR = { capacity: 60, perSecond: 1 }
const WATCH_MS = 500

/** Runs operations of third parties: as far as their key goes, and within what it may use. */
export const createPublicOperations = (options: PublicOperationsOptions): Operations => {
  const { operations, admission, visitors, watchMs = WATCH_MS } = options

  const runForVisitor = (operation: Operation, call: Call): Promise<Result> => {
    if (!isIntrospection(operation)) throw keyNeeded()
    const { identity } = call.caller
    const address = identity.kind === 'anonymous' ? (identity.address ?? '') : ''
    const level = visitors.take(address, 1, VISITOR)
    if (!level.taken) throw rateLimited(level.enoughInMs)
    return operations.run(operation, call)
  }

  const runForKey = async (access: Access, operation: Operation, call: Call): Promise<Result> => {
    const admitted = await admission.admit(access, operation, call)
    let result: Result
    try {
      result = await operations.run(operation, call)
    } catch (error) {
      admission.fail(admitted)
      throw error
    }
    return admission.settle(admitted, result)
  }

  /** The events of a subscription, each of which is charged; what was taken in the beginning is for the first one. */
  const eventsFor = (access: Access, operation: Operation, call: Call): Values<Result> => {
    let open: { readonly admitted: Admitted; readonly source: Values<Result> } | undefined
    let isClosed = false

    const begin = async (): Promise<NonNullable<typeof open>> => {
      const admitted = await admission.admit(access, operation, call)
      const source = operations.subscribe(operation, call)
      if (isClosed) void source.return()
      return { admitted, source }
    }

    return createValues<Result>({
      next: async () => {
        const isFirst = open === undefined
        open ??= await begin()
        const { admitted, source } = open
        const next = await source.next()
        if (next.done) return DONE
        const value = await (isFirst ? admission.settle : admission.charge)(admitted, next.value)
        return { done: false, value }
      },
      close: () => {
        isClosed = true
        void open?.source.return()
      },
    })
  }

  /** Ends a stream with the error of its key, soon after that stops working. */
  const untilKeyEnds = (results: Values<Result>, access: Access): Values<Result> => {
    let timer: NodeJS.Timeout | undefined
    let isClosed = false
    const watch = (): void => {
      if (isClosed) return
      timer = setTimeout(() => void access.grant(watchMs / 2).then(watch, interrupt), watchMs)
      timer.unref()
    }
    const { values, interrupt } = interruptible(results, () => {
      isClosed = true
      clearTimeout(timer)
    })
    watch()
    return values
  }

  const run: Operations['run'] = async (operation, call) => {
    try {
      const { access } = call.caller
      return await (access ? runForKey(access, operation, call) : runForVisitor(operation, call))
    } catch (error) {
      if (error instanceof CodedError) return { errors: [withStatus(error)] }
      throw error
    }
  }

  return {
    run,
    // Whole: what an operation cost is measured by all of its answer.
    deliver: async (operation, call) => ({ first: await run(operation, call), rest: undefined }),
    subscribe: (operation, call) => {
      const { access } = call.caller
      if (!access) throw keyNeeded()
      return untilKeyEnds(eventsFor(access, operation, call), access)
    },
  }
}

const withStatus = (error: CodedError): CodedError =>
  codedError(error.code, error.message, {
    http: { status: errorStatus(error.code) },
    ...error.extensions,
    cause: error.cause,
  })

/** Whether an operation asks for nothing but the schema. */
const isIntrospection = ({ document, node }: Operation): boolean =>
  node.operation === OperationTypeNode.QUERY && asksOnlyMeta(node.selectionSet, fragmentsOf(document))

const asksOnlyMeta = (
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): boolean =>
  selections.every((selection) => {
    if (selection.kind === Kind.FIELD) return selection.name.value.startsWith('__')
    if (selection.kind === Kind.INLINE_FRAGMENT) return asksOnlyMeta(selection.selectionSet, fragments)
    const fragment = fragments.get(selection.name.value)
    return fragment !== undefined && asksOnlyMeta(fragment.selectionSet, fragments)
  })
