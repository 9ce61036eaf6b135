import {
  CodedError,
  codedError,
  createDelegationVerifier,
  createIdentitySigner,
  errorStatus,
  isDelegation,
} from '@codai/runtime'
import type { DelegationVerifier, Identity } from '@codai/runtime'
import { createRemoteJWKSet, errors, jwtVerify } from 'jose'
import type { JWTPayload, JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import { createCache } from './cache.ts'
import type { Access } from './public/access.ts'

/** Who calls, and the proof of it that subgraphs take. */
export type Caller = {
  readonly identity: Exclude<Identity, { kind: 'service' }>
  /** The signed identity for subgraphs, valid for half a minute at least; undefined where subgraphs take none. */
  readonly credentials: () => Promise<string | undefined>
  /** What lets a third party's program in. */
  readonly access?: Access | undefined
}

export type Identify = (request: {
  /** The Authorization header, or the same text from a socket's connection parameters. */
  readonly authorization: string | undefined
  /** What came as `x-api-key`; only third parties have keys. */
  readonly apiKey?: unknown
  readonly address: string
  readonly userAgent?: string | undefined
}) => Promise<Caller>

export type IdentityOptions = {
  /** Signs what goes to subgraphs; without it no identity is sent. */
  readonly secret: string | undefined
  /** Where the issuer's keys are; without it tokens are not looked at and every caller is anonymous. */
  readonly jwksUrl: string | undefined
  readonly issuer: string
}

const AUDIENCE = 'codai'
/** Fixed, so that a token cannot choose how it is verified. */
const ALGORITHMS = ['ES256', 'EdDSA']
const CREDENTIALS_LIFE_SECONDS = 60
const REMEMBERED_CALLERS = 10_000
const LONGEST_USER_AGENT = 300

const claimsSchema = z.object({
  sub: z.string().min(1),
  sid: z.string().min(1).optional(),
  roles: z.array(z.string()).default([]),
  scope: z.string().default(''),
  exp: z.number(),
})

/** Makes callers of identities that are known, with their proofs; without a secret there are none. */
export const createCallers = (secret: string | undefined): ((identity: Caller['identity']) => Caller) => {
  const signer = secret === undefined ? undefined : createIdentitySigner({ secret, issuer: 'gateway' })
  return (identity) => {
    let signed: { readonly token: Promise<string>; readonly staleAt: number } | undefined
    return {
      identity,
      credentials: async () => {
        if (!signer) return undefined
        if (!signed || signed.staleAt <= Date.now()) {
          const token = signer.sign(identity, CREDENTIALS_LIFE_SECONDS)
          signed = { token, staleAt: Date.now() + (CREDENTIALS_LIFE_SECONDS * 1000) / 2 }
        }
        return signed.token
      },
    }
  }
}

/**
 * Verifies callers. Throws TOKEN_EXPIRED for a token past its end, UNAUTHENTICATED for any other bad one, and
 * UNAVAILABLE for a caller with a token while the issuer's keys cannot be read.
 */
export const createIdentify = ({ secret, jwksUrl, issuer }: IdentityOptions): Identify => {
  const createCaller = createCallers(secret)
  const keys = jwksUrl === undefined ? undefined : createRemoteJWKSet(new URL(jwksUrl), { timeoutDuration: 3_000 })
  const delegations = secret === undefined ? undefined : createDelegationVerifier({ secret })
  const callers = createCache<Caller>(REMEMBERED_CALLERS)

  return async ({ authorization, address, userAgent: fullUserAgent }) => {
    const token = keys ? bearerToken(authorization) : undefined
    const userAgent = fullUserAgent?.slice(0, LONGEST_USER_AGENT)
    const key = `${address} ${token ?? userAgent ?? ''}`
    const known = callers.get(key)
    if (known) {
      if (!hasExpired(known.identity)) return known
      throw tokenExpired()
    }
    const identity: Caller['identity'] =
      token === undefined || !keys
        ? { kind: 'anonymous', address, userAgent }
        : delegations && isDelegation(token)
          ? { ...(await personOf(token, delegations)), address }
          : { ...userOf(await verify(token, keys, issuer)), address }
    const caller = createCaller(identity)
    callers.set(key, caller)
    return caller
  }
}

/** TOKEN_EXPIRED, as a request and as a socket that outlives its token meet it. */
export const tokenExpired = (): CodedError => refusal('TOKEN_EXPIRED', 'Your token has expired.')

const hasExpired = (identity: Identity): boolean =>
  identity.kind === 'user' && identity.expiresAt !== undefined && identity.expiresAt * 1000 <= Date.now()

const bearerToken = (authorization: string | undefined): string | undefined => {
  if (authorization === undefined || authorization === '') return undefined
  const token = /^Bearer +(\S+) *$/i.exec(authorization)?.[1]
  if (token === undefined) throw refusal('UNAUTHENTICATED', "Authorization must be 'Bearer <token>'.")
  if (token.startsWith('cdk_')) throw refusal('UNAUTHENTICATED', 'API keys are for /public/graphql; sign in for this.')
  return token
}

/** The person for whom a service of ours calls. Its token chooses nothing but which of two fixed ways verifies it. */
const personOf = async (token: string, delegations: DelegationVerifier): Promise<User> => {
  try {
    const { userId, roles, expiresAt } = await delegations.verify(token)
    return { kind: 'user', userId, roles, scopes: [], expiresAt }
  } catch (cause) {
    if (isExpired(cause)) throw tokenExpired()
    throw refusal('UNAUTHENTICATED', 'Your token is not valid.', cause)
  }
}

const isExpired = (error: unknown): boolean => error instanceof CodedError && error.code === 'TOKEN_EXPIRED'

const verify = async (token: string, keys: JWTVerifyGetKey, issuer: string): Promise<JWTPayload> => {
  try {
    const options = { algorithms: ALGORITHMS, audience: AUDIENCE, issuer, requiredClaims: ['sub', 'exp'] }
    return (await jwtVerify(token, keys, options)).payload
  } catch (cause) {
    if (cause instanceof errors.JWTExpired) throw tokenExpired()
    if (isAboutTheToken(cause)) throw refusal('UNAUTHENTICATED', 'Your token is not valid.', cause)
    throw refusal('UNAVAILABLE', 'Tokens cannot be verified at the moment.', cause)
  }
}

/** All else, such as a refused connection or an answer that is no key set, is about the issuer and not the caller. */
const isAboutTheToken = (error: unknown): boolean =>
  error instanceof errors.JWSInvalid ||
  error instanceof errors.JWTInvalid ||
  error instanceof errors.JWTClaimValidationFailed ||
  error instanceof errors.JWSSignatureVerificationFailed ||
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWKSMultipleMatchingKeys ||
  error instanceof errors.JOSEAlgNotAllowed ||
  error instanceof errors.JOSENotSupported

type User = Extract<Identity, { kind: 'user' }>

const userOf = (payload: JWTPayload): User => {
  const claims = claimsSchema.safeParse(payload)
  if (!claims.success) throw refusal('UNAUTHENTICATED', 'Your token is not valid.', claims.error)
  const { sub, sid, roles, scope, exp } = claims.data
  const scopes = scope.split(' ').filter(Boolean)
  return { kind: 'user', userId: sub, sessionId: sid, roles, scopes, expiresAt: exp }
}

const refusal = (
  code: 'TOKEN_EXPIRED' | 'UNAUTHENTICATED' | 'UNAVAILABLE',
  message: string,
  cause?: unknown,
): CodedError => codedError(code, message, { cause, http: { status: errorStatus(code) } })
