import { codedError, errorStatus } from '@codai/runtime'
import type { CodedError, ErrorCode } from '@codai/runtime'
import type { BucketLevel, BucketSize, TokenBuckets } from '@codai/stores/limits'
import type { Costs } from '../cost/costs.ts'
import type { Call, Operation, Result } from '../operation.ts'
import { bytesOf } from '../written.ts'
import type { Access } from './access.ts'
import type { PublicDocuments } from './documents.ts'
import type { Grant } from './key-service.ts'
import { limitHeaders, rateLimited } from '../limit-headers.ts'
import type { Usage } from './usage.ts'

export type AdmissionOptions = {
  readonly documents: PublicDocuments
  readonly costs: Costs
  /** What keys may use, by key. */
  readonly buckets: TokenBuckets
  readonly usage: Usage
}

/** An operation that may run, with the key that it runs under. */
export type Admitted = {
  readonly operation: Operation
  readonly call: Call
  readonly grant: Grant
  readonly size: BucketSize
  /** What was taken for it: of a subscription, for its first event. */
  readonly estimate: number
}

export type Admission = {
  /** Lets an operation of a key in, and takes what it will cost at most. Throws an error for the client when it may not run. */
  readonly admit: (access: Access, operation: Operation, call: Call) => Promise<Admitted>
  /** Corrects what was taken to what the answer cost, counts it, and tells it where the client wants to know. */
  readonly settle: (admitted: Admitted, result: Result) => Promise<Result>
  /** Takes what a further event cost. Throws RATE_LIMITED where the key has nothing left. */
  readonly charge: (admitted: Admitted, result: Result) => Promise<Result>
  /** Counts what failed without an answer; it costs what was taken. */
  readonly fail: (admitted: Admitted) => void
}

const SCOPES = { query: 'READ', subscription: 'LIVE', mutation: undefined } as const

/** Decides what runs under a key, and keeps account of it. */
export const createAdmission = ({ documents, costs, buckets, usage }: AdmissionOptions): Admission => {
  // Subscribers to the same get the same events: each is measured once.
  const measured = new WeakMap<Result, number>()

  const refuse = async ({ key, node }: Operation, grant: Grant, estimate: number): Promise<CodedError | undefined> => {
    const scope = SCOPES[node.operation]
    if (scope === undefined || !grant.scopes.includes(scope)) {
      return refusal('FORBIDDEN', `This API key has no scope for a ${node.operation}.`)
    }
    const [hash = ''] = key.split(':')
    if (grant.trustedOnly && !(await documents.isTrusted(grant, hash))) {
      return refusal('FORBIDDEN', 'This API key runs registered operations only.')
    }
    const limit = grant.plan.maxOperationCost
    if (estimate <= limit) return undefined
    const message = `The operation may cost ${estimate} points, more than the ${limit} of the plan. Ask for less at once.`
    return refusal('LIMIT_EXCEEDED', message, { cost: { estimate, limit } })
  }

  const measure = ({ operation }: Admitted, result: Result): number => {
    const known = measured.get(result)
    if (known !== undefined) return known
    const bytes = bytesOf(result.data)
    const cost = costs.measure(operation, bytes === undefined ? result.data : JSON.parse(bytes.toString()))
    measured.set(result, cost)
    return cost
  }

  const account = async (
    admitted: Admitted,
    result: Result,
    taken: number,
  ): Promise<{ level: BucketLevel; told: Result }> => {
    const { operation, call, grant, size, estimate } = admitted
    const actual = measure(admitted, result)
    const level = await buckets.charge(grant.key, actual - taken, size)
    const failed = (result.errors?.length ?? 0) > 0
    usage.count(grant.key, nameOf(operation), { cost: actual, failed, refused: false })
    tellLevel(call, level, size)
    call.metering?.setHeader('x-query-cost', `actual=${actual}, estimated=${estimate}`)
    if (!call.metering?.wantsCost) return { level, told: result }
    const cost = { estimated: estimate, actual, limit: grant.plan.maxOperationCost, remaining: level.remaining }
    return { level, told: { ...result, extensions: { ...result.extensions, cost } } }
  }

  return {
    admit: async (access, operation, call) => {
      const grant = await access.grant()
      const size = { capacity: grant.plan.burst, perSecond: grant.plan.pointsPerSecond }
      const estimate = costs.estimate(operation)
      const refuseOrCount = (error: CodedError): never => {
        const refused = error.code !== 'FORBIDDEN'
        usage.count(grant.key, nameOf(operation), { cost: 0, failed: true, refused })
        throw error
      }
      const error = await refuse(operation, grant, estimate)
      if (error) return refuseOrCount(error)
      const level = await buckets.take(grant.key, estimate, size)
      tellLevel(call, level, size)
      return level.taken ? { operation, call, grant, size, estimate } : refuseOrCount(rateLimited(level.enoughInMs))
    },
    settle: async (admitted, result) => (await account(admitted, result, admitted.estimate)).told,
    charge: async (admitted, result) => {
      const { level, told } = await account(admitted, result, 0)
      if (level.remaining < 0) throw rateLimited((-level.remaining / admitted.size.perSecond) * 1_000)
      return told
    },
    fail: ({ grant, operation, estimate }) =>
      usage.count(grant.key, nameOf(operation), { cost: estimate, failed: true, refused: false }),
  }
}

const nameOf = ({ node }: Operation): string | undefined => node.name?.value

const tellLevel = ({ metering }: Call, level: BucketLevel, size: BucketSize): void => {
  if (!metering) return
  for (const [name, value] of limitHeaders(level, size)) metering.setHeader(name, value)
}

const refusal = (code: ErrorCode, message: string, extensions: Readonly<Record<string, unknown>> = {}): CodedError =>
  codedError(code, message, { ...extensions, http: { status: errorStatus(code) } })
