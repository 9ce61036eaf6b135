import { createHash } from 'node:crypto'
import { CodedError, codedError } from '@codai/runtime'
import type { ErrorCode, Logger } from '@codai/runtime'
import type { LocalBuckets } from '@codai/stores/limits'
import type { Grant, KeyService } from './key-service.ts'
import { createRemembered } from './remembered.ts'

/** What lets a program in. */
export type Access = {
  /** What its key may do now. Throws UNAUTHENTICATED when it may nothing any more, UNAVAILABLE when nobody knows. */
  readonly grant: (freshMs?: number) => Promise<Grant>
}

/** Recognizes keys. */
export type Accesses = {
  /**
   * The access of a request, by the header `x-api-key` or a Bearer key; undefined when it brings no key.
   * Throws UNAUTHENTICATED for a key that does not work, and RATE_LIMITED for an address that tries too many.
   */
  readonly read: (given: GivenKey) => Promise<Access | undefined>
}

export type GivenKey = {
  readonly apiKey: unknown
  readonly authorization: string | undefined
  readonly address: string
}

export type AccessesOptions = { readonly service: KeyService; readonly tries: LocalBuckets; readonly logger: Logger }

/** A key that is revoked stops working within this time, in milliseconds. */
const FRESH_MS = 900
/** How long a key that was known goes on working while nobody can say whether it still may, in milliseconds. */
const GRACE_MS = 60_000
/** Wrong keys of one address: so many at once, and one back each second. */
const WRONG_KEYS = { capacity: 60, perSecond: 1 }

const KEY = /^cdk_[0-9a-f]{8}_[\w-]{43}$/
const BEARER = /^Bearer +(cdk_\S*) *$/i

/** Where a developer reads on. */
const HELP = '/developers'

/** Recognizes keys by their digest, at the service that knows them; what it says is remembered for less than a second. */
export const createAccesses = ({ service, tries, logger }: AccessesOptions): Accesses => {
  const grants = createRemembered({ read: service.grant, freshMs: FRESH_MS, graceMs: GRACE_MS })

  const lookUp = async (digest: string, freshMs: number | undefined): Promise<Grant | undefined> => {
    try {
      return await grants.get(digest, freshMs)
    } catch (cause) {
      logger.warn({ err: cause }, 'keys cannot be looked up')
      throw refusal('UNAVAILABLE', 'Keys cannot be verified at the moment.', cause)
    }
  }

  const grantOf = async (digest: string, freshMs?: number): Promise<Grant> => {
    const grant = await lookUp(digest, freshMs)
    if (!grant) throw refusal('UNAUTHENTICATED', 'This API key is not known.')
    if (grant.status === 'REVOKED') throw refusal('UNAUTHENTICATED', 'This API key was revoked.')
    // What was remembered may end while it is.
    const hasEnded = grant.expiresAt !== undefined && grant.expiresAt <= Date.now()
    if (grant.status === 'EXPIRED' || hasEnded) throw refusal('UNAUTHENTICATED', 'This API key has expired.')
    return grant
  }

  return {
    read: async ({ apiKey, authorization = '', address }) => {
      const key = apiKey ?? BEARER.exec(authorization)?.[1] ?? (authorization === '' ? undefined : authorization)
      if (key === undefined) return undefined
      // Asked before the key is looked at, so that who guesses is not told by it.
      const { remaining, enoughInMs } = tries.take(address, 0, WRONG_KEYS)
      if (remaining < 1) throw tooManyWrongKeys(enoughInMs)
      try {
        if (typeof key !== 'string' || !KEY.test(key)) {
          throw refusal('UNAUTHENTICATED', 'This is no API key: send one as x-api-key, or as Authorization: Bearer.')
        }
        const digest = createHash('sha256').update(key).digest('hex')
        await grantOf(digest)
        return { grant: (freshMs) => grantOf(digest, freshMs) }
      } catch (error) {
        if (error instanceof CodedError && error.code === 'UNAUTHENTICATED') tries.charge(address, 1, WRONG_KEYS)
        throw error
      }
    },
  }
}

/** UNAUTHENTICATED for who brings no key, with the way to one. */
export const keyNeeded = (): CodedError =>
  refusal('UNAUTHENTICATED', 'Send an API key as x-api-key, or as Authorization: Bearer. Developers get one for free.')

const refusal = (code: ErrorCode, message: string, cause?: unknown): CodedError =>
  codedError(code, message, { cause, ...(code === 'UNAUTHENTICATED' && { help: HELP }) })

const tooManyWrongKeys = (enoughInMs: number): CodedError => {
  const retryAfterSeconds = Math.max(1, Math.ceil(enoughInMs / 1_000))
  return codedError('RATE_LIMITED', `Too many wrong API keys. Try again in ${retryAfterSeconds} s.`, {
    retryAfterSeconds,
  })
}
