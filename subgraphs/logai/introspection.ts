import { digestOf } from './opaque.ts'
import type { Sessions } from './sessions.ts'
import type { Store } from './store.ts'
import type { Tokens } from './tokens.ts'

/** What a token is worth right now. */
export type TokenState = {
  kind: 'access_token' | 'refresh_token'
  /** The person, or the application that acts for itself. */
  subject: string
  /** Null when an application acts for itself. */
  userId: string | null
  sessionId: string | null
  clientId: string | null
  scopes: string[]
  issuedAt: Date
  expiresAt: Date
}

/** Looks at tokens of either kind. */
export type Introspection = ReturnType<typeof createIntrospection>

/** What tokens are worth: nothing once their session has ended, whatever they say themselves. */
export const createIntrospection = (store: Store, sessions: Sessions, tokens: Tokens, now: () => Date) => {
  const ofAccessToken = async (token: string): Promise<TokenState | undefined> => {
    const claims = await tokens.verifyAccess(token)
    if (!claims) return undefined
    if (claims.sid !== undefined && !(await sessions.byId(claims.sid))) return undefined
    if (claims.client_id !== undefined) {
      const [client] = await store.oauthClientsByIds([claims.client_id])
      if (client?.deletedAt !== null) return undefined
    }
    return {
      kind: 'access_token',
      subject: claims.sub,
      userId: claims.sub === claims.client_id ? null : claims.sub,
      sessionId: claims.sid ?? null,
      clientId: claims.client_id ?? null,
      scopes: claims.scope.split(' ').filter(Boolean),
      issuedAt: new Date(claims.iat * 1000),
      expiresAt: new Date(claims.exp * 1000),
    }
  }

  const ofRefreshToken = async (token: string): Promise<TokenState | undefined> => {
    const session = await store.sessionOfRefreshToken(digestOf(token), now())
    if (!session || !sessions.lives(session)) return undefined
    return {
      kind: 'refresh_token',
      subject: session.userId,
      userId: session.userId,
      sessionId: session.id,
      clientId: session.clientId,
      scopes: session.scopes,
      issuedAt: session.lastUsedAt,
      expiresAt: session.expiresAt,
    }
  }

  return {
    /** What a token is worth; undefined when it is worth nothing. */
    stateOf: (token: string): Promise<TokenState | undefined> =>
      // Of the two kinds only one has dots.
      token.includes('.') ? ofAccessToken(token) : ofRefreshToken(token),
  }
}
