import { SignJWT, decodeProtectedHeader, errors, jwtVerify } from 'jose'
import { z } from 'zod'
import { codedError, unauthenticated } from './errors.ts'

/** A person for whom a service calls the graph, with what the person was allowed to be when it was asked to. */
export type Delegation = {
  readonly userId: string
  readonly roles: readonly string[]
  /** The service that calls. */
  readonly service: string
  /** When the token ends, in epoch seconds. */
  readonly expiresAt: number
}

export type DelegationSigner = {
  /** Signs a bearer token for the gateway that is good for `ttlSeconds`. */
  sign(person: Pick<Delegation, 'userId' | 'roles'>, ttlSeconds?: number): Promise<string>
}
export type DelegationVerifier = { verify(token: string): Promise<Delegation> }

const AUDIENCE = 'codai-gateway'
const TYPE = 'delegation+jwt'

const claimsSchema = z.object({
  sub: z.string().min(1),
  iss: z.string().min(1),
  roles: z.array(z.string()),
  exp: z.number(),
})

/**
 * Signs (HS256) for a service that goes on working for a person after the person's own token has ended. The audience is
 * the gateway alone: no service takes it for an identity, and the gateway takes no identity for it.
 */
export const createDelegationSigner = (options: {
  readonly secret: string
  readonly service: string
}): DelegationSigner => {
  const key = new TextEncoder().encode(options.secret)
  return {
    sign: ({ userId, roles }, ttlSeconds = 60) =>
      new SignJWT({ roles: [...roles] })
        .setProtectedHeader({ alg: 'HS256', typ: TYPE })
        .setSubject(userId)
        .setIssuer(options.service)
        .setAudience(AUDIENCE)
        .setIssuedAt()
        .setExpirationTime(Math.floor(Date.now() / 1000) + ttlSeconds)
        .sign(key),
  }
}

/** Whether a token says that it is a delegation. It is one only when it verifies. */
export const isDelegation = (token: string): boolean => {
  try {
    return decodeProtectedHeader(token).typ === TYPE
  } catch {
    return false
  }
}

/** Verifies what `createDelegationSigner` signed. Throws TOKEN_EXPIRED for one past its end, UNAUTHENTICATED for any other. */
export const createDelegationVerifier = ({ secret }: { readonly secret: string }): DelegationVerifier => {
  const key = new TextEncoder().encode(secret)
  return {
    verify: async (token) => {
      try {
        const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], audience: AUDIENCE, typ: TYPE })
        const { sub, iss, roles, exp } = claimsSchema.parse(payload)
        return { userId: sub, roles, service: iss, expiresAt: exp }
      } catch (cause) {
        if (cause instanceof errors.JWTExpired) throw codedError('TOKEN_EXPIRED', 'The token has expired.', { cause })
        throw unauthenticated('The token is not valid.', cause)
      }
    },
  }
}
