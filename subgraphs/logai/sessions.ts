import { codedError, notFound, unauthenticated } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import { digestOf, newOpaqueToken } from './opaque.ts'
import type { RevokedReason, SessionRecord, UserRecord } from './records.ts'
import type { Store } from './store.ts'
import type { Tokens } from './tokens.ts'

/** How long a session lives without being renewed. */
export const sessionLifeMs = 30 * 24 * 3_600_000
/** How long the cookie of the sign-in page lives. */
export const browserSessionLifeMs = 7 * 24 * 3_600_000
const longestUserAgent = 300

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

/** A session that begins now, not stored yet. */
export const newSession = (
  { now, newId }: Pick<Platform, 'now' | 'newId'>,
  beginning: { userId: string; lifeMs: number; caller?: Caller; clientId?: string; scopes?: readonly string[] },
): SessionRecord => {
  const { userId, lifeMs, caller, clientId, scopes = [] } = beginning
  const createdAt = now()
  return {
    id: newId(),
    userId,
    clientId: clientId ?? null,
    scopes: [...scopes],
    userAgent: caller?.userAgent?.slice(0, longestUserAgent) ?? null,
    address: caller?.address ?? null,
    createdAt,
    lastUsedAt: createdAt,
    expiresAt: new Date(createdAt.getTime() + lifeMs),
    revokedAt: null,
    revokedReason: null,
  }
}

/** The life of sessions. */
export type Sessions = ReturnType<typeof createSessions>

/** Sessions of people: how they begin, go on and end. */
export const createSessions = (store: Store, tokens: Tokens, platform: Platform) => {
  const { now } = platform
  const live = platform.pubSub<Topics>()

  const withTokens = async (user: UserRecord, session: SessionRecord, refreshToken: string): Promise<SignIn> => {
    const { id: sessionId, scopes } = session
    const access = await tokens.issueAccess({ subject: user.id, sessionId, roles: user.roles, scopes })
    return { user, session, accessToken: access.token, accessTokenExpiresAt: access.expiresAt, refreshToken }
  }

  const lives = (session: SessionRecord): boolean => session.revokedAt === null && session.expiresAt > now()

  /** Tells the owners, live, of sessions that have ended. Called after the commit. */
  const tellEnded = async (ended: readonly SessionRecord[]): Promise<void> => {
    await Promise.all(ended.map((session) => live.publish(`sessionRevoked:${session.userId}`, session)))
  }

  /** Ends a session. Answers it as it is then; one that had ended before stays as it was. */
  const end = async (session: SessionRecord, reason: RevokedReason): Promise<SessionRecord> => {
    const [ended] = await store.endSessions({ id: session.id }, reason, now())
    if (ended) await tellEnded([ended])
    return ended ?? session
  }

  return {
    lives,
    tellEnded,

    /** Creates an account and begins its first session. Undefined when the handle is taken. */
    beginWithAccount: async (user: UserRecord, passwordHash: string, caller: Caller): Promise<SignIn | undefined> => {
      const session = newSession(platform, { userId: user.id, lifeMs: sessionLifeMs, caller })
      const refreshToken = newOpaqueToken()
      const created = await store.createAccount({ ...user, passwordHash }, session, digestOf(refreshToken))
      return created ? withTokens(user, session, refreshToken) : undefined
    },

    /** Begins a session of a person who has proven who it is. */
    begin: async (user: UserRecord, caller: Caller): Promise<SignIn> => {
      const session = newSession(platform, { userId: user.id, lifeMs: sessionLifeMs, caller })
      const refreshToken = newOpaqueToken()
      await store.createSession(session, { refreshTokenHash: digestOf(refreshToken) })
      return withTokens(user, session, refreshToken)
    },

    /** Begins the session of a browser at the sign-in page. Answers the value of its cookie. */
    beginBrowser: async (user: UserRecord, caller: Caller): Promise<string> => {
      const session = newSession(platform, { userId: user.id, lifeMs: browserSessionLifeMs, caller })
      const cookie = newOpaqueToken()
      await store.createSession(session, { browserTokenHash: digestOf(cookie) })
      return cookie
    },

    /** The session of a browser's cookie, while it lives. */
    ofBrowser: async (cookie: string): Promise<SessionRecord | undefined> => {
      const session = await store.sessionOfBrowser(digestOf(cookie))
      return session && lives(session) ? session : undefined
    },

    /** A session by id, while it lives. */
    byId: async (id: string): Promise<SessionRecord | undefined> => {
      const [session] = await store.sessionsByIds([id])
      return session && lives(session) ? session : undefined
    },

    /** Exchanges a person's refresh token for a new pair. TOKEN_REUSED, TOKEN_EXPIRED or UNAUTHENTICATED. */
    renew: async (refreshToken: string): Promise<SignIn> => {
      const at = now()
      const next = newOpaqueToken()
      const renewal = await store.renewSession({
        tokenHash: digestOf(refreshToken),
        nextTokenHash: digestOf(next),
        clientId: null,
        scopes: [],
        at,
        expiresAt: new Date(at.getTime() + sessionLifeMs),
      })
      if (renewal.outcome === 'reused' && renewal.endedNow) await tellEnded([renewal.session])
      const { outcome } = renewal
      // Also to the other of the two users of the token, who cannot know why the session ended.
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

    end,

    /** Ends a session of a person. NOT_FOUND for any other. */
    endOwn: async (userId: string, id: string): Promise<SessionRecord> => {
      const [session] = await store.sessionsByIds([id])
      if (session?.userId !== userId) throw notFound('Session', id)
      return end(session, 'REVOKED')
    },

    /** The sessions of a person, each as it ends. Resolves when none is missed any more. */
    ended: async (userId: string): Promise<AsyncIterable<SessionRecord>> => {
      const subscription = live.subscribe(`sessionRevoked:${userId}`)
      await subscription.ready
      return subscription
    },
  }
}
