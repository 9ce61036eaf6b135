import { codedError, unauthenticated } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import { digestOf, newOpaqueToken } from './opaque.ts'
import type { SessionRecord, Store, UserRecord } from './store.ts'
import type { Tokens } from './tokens.ts'

/** How long a session lives without being renewed. */
export const sessionLifeMs = 30 * 24 * 3_600_000

/** Where a sign-in comes from. */
export type Caller = { address?: string | undefined; userAgent?: string | undefined }

/** A session with the tokens that its owner gets to see, once. */
export type SignIn = {
  user: UserRecord
  session: SessionRecord
  accessToken: string
  accessTokenExpiresAt: Date
  refreshToken: string
}

type Topics = { [topic: `sessionRevoked:${string}`]: SessionRecord }

/** The life of sessions. */
export type Sessions = ReturnType<typeof createSessions>

/** Sessions of people: how they begin, go on and end. */
export const createSessions = (store: Store, tokens: Tokens, platform: Platform) => {
  const { now, newId } = platform
  const live = platform.pubSub<Topics>()

  const tellEnded = async (ended: readonly SessionRecord[]): Promise<void> => {
    await Promise.all(ended.map((session) => live.publish(`sessionRevoked:${session.userId}`, session)))
  }

  const withTokens = async (user: UserRecord, session: SessionRecord, refreshToken: string): Promise<SignIn> => {
    const { token, expiresAt } = await tokens.issueAccess({
      subject: user.id,
      sessionId: session.id,
      roles: user.roles,
      scopes: session.scopes,
    })
    return { user, session, accessToken: token, accessTokenExpiresAt: expiresAt, refreshToken }
  }

  /** A session that begins now, not stored yet. */
  const newSession = (userId: string, caller: Caller): SessionRecord => {
    const createdAt = now()
    return {
      id: newId(),
      userId,
      clientId: null,
      scopes: [],
      userAgent: caller.userAgent ?? null,
      address: caller.address ?? null,
      createdAt,
      lastUsedAt: createdAt,
      expiresAt: new Date(createdAt.getTime() + sessionLifeMs),
      revokedAt: null,
      revokedReason: null,
    }
  }

  return {
    /** Creates an account and begins its first session. Undefined when the handle is taken. */
    beginWithAccount: async (user: UserRecord, passwordHash: string, caller: Caller): Promise<SignIn | undefined> => {
      const session = newSession(user.id, caller)
      const refreshToken = newOpaqueToken()
      const created = await store.createAccount({ ...user, passwordHash }, session, digestOf(refreshToken))
      return created ? withTokens(user, session, refreshToken) : undefined
    },

    /** Begins a session of a person who has proven who it is. */
    begin: async (user: UserRecord, caller: Caller): Promise<SignIn> => {
      const session = newSession(user.id, caller)
      const refreshToken = newOpaqueToken()
      await store.createSession(session, digestOf(refreshToken))
      return withTokens(user, session, refreshToken)
    },

    /** Exchanges a refresh token for a new pair. TOKEN_REUSED, TOKEN_EXPIRED or UNAUTHENTICATED. */
    renew: async (refreshToken: string): Promise<SignIn> => {
      const at = now()
      const next = newOpaqueToken()
      const renewal = await store.renewSession({
        tokenHash: digestOf(refreshToken),
        nextTokenHash: digestOf(next),
        clientId: null,
        at,
        expiresAt: new Date(at.getTime() + sessionLifeMs),
      })
      if (renewal.outcome === 'reused' && renewal.endedNow) await tellEnded([renewal.session])
      const { outcome } = renewal
      if (outcome === 'reused' || (outcome === 'ended' && renewal.session.revokedReason === 'TOKEN_REUSED')) {
        throw codedError(
          'TOKEN_REUSED',
          'A refresh token of this session was used twice, so the session was ended. Sign in again; if it was not you, change the password.',
        )
      }
      if (outcome === 'expired') throw codedError('TOKEN_EXPIRED', 'The session has expired. Sign in again.')
      if (outcome !== 'renewed') throw unauthenticated('The refresh token is not valid. Sign in again.')
      const [user] = await store.usersByIds([renewal.session.userId])
      if (!user) throw unauthenticated('The account does not exist any more.')
      return withTokens(user, renewal.session, next)
    },
  }
}
