import { SignJWT, createLocalJWKSet, jwtVerify } from 'jose'
import { z } from 'zod'
import type { SigningKeys } from './keys.ts'

/** How long an access token lives. */
export const accessTokenLifeMs = 15 * 60_000
/** For whom access tokens are meant: the graph. */
const audience = 'codai'
const algorithm = 'ES256'

const accessClaims = z.object({
  sub: z.string(),
  sid: z.string().optional(),
  client_id: z.string().optional(),
  scope: z.string(),
  iat: z.number(),
  exp: z.number(),
  jti: z.string(),
})

/** What an access token says. */
export type AccessClaims = z.infer<typeof accessClaims>

/** Signs and verifies tokens. */
export type Tokens = {
  /** A signed access token (JWT, RFC 9068) of 15 minutes. `subject` is a person, or the client that acts for itself. */
  issueAccess(grant: {
    subject: string
    sessionId?: string | undefined
    clientId?: string | undefined
    roles: readonly string[]
    scopes: readonly string[]
  }): Promise<{ token: string; expiresAt: Date }>
  /** What a token of ours says that has not ended; undefined for any other text. */
  verifyAccess(token: string): Promise<AccessClaims | undefined>
  /** An ID token (OpenID Connect Core 1.0, section 2) for one application. */
  issueId(statement: {
    subject: string
    clientId: string
    authenticatedAt: Date
    nonce?: string | undefined
  }): Promise<string>
}

/** Tokens of one issuer. */
export const createTokens = (options: {
  keys: SigningKeys
  issuer: string
  now: () => Date
  newId: () => string
}): Tokens => {
  const { keys, issuer, now, newId } = options

  const sign = async (type: string, lifeMs: number, claims: Record<string, unknown>): Promise<string> => {
    const issuedAt = Math.floor(now().getTime() / 1000)
    const { kid, key } = await keys.current()
    return new SignJWT(claims)
      .setProtectedHeader({ alg: algorithm, kid, typ: type })
      .setIssuer(issuer)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + lifeMs / 1000)
      .sign(key)
  }

  return {
    issueAccess: async ({ subject, sessionId, clientId, roles, scopes }) => {
      const issuedAt = Math.floor(now().getTime() / 1000)
      const token = await sign('at+jwt', accessTokenLifeMs, {
        sub: subject,
        aud: audience,
        jti: newId(),
        roles,
        scope: scopes.join(' '),
        ...(sessionId !== undefined && { sid: sessionId }),
        ...(clientId !== undefined && { client_id: clientId }),
      })
      return { token, expiresAt: new Date(issuedAt * 1000 + accessTokenLifeMs) }
    },

    verifyAccess: async (token) => {
      const published = createLocalJWKSet(await keys.published())
      try {
        const { payload } = await jwtVerify(token, published, {
          algorithms: [algorithm],
          issuer,
          audience,
          typ: 'at+jwt',
          currentDate: now(),
        })
        return accessClaims.parse(payload)
      } catch {
        return undefined
      }
    },

    issueId: ({ subject, clientId, authenticatedAt, nonce }) =>
      sign('JWT', accessTokenLifeMs, {
        sub: subject,
        aud: clientId,
        auth_time: Math.floor(authenticatedAt.getTime() / 1000),
        ...(nonce !== undefined && { nonce }),
      }),
  }
}
