import { createHash } from 'node:crypto'
import type { Platform } from '../_kit/index.ts'
import { OAuthError } from './oauth-errors.ts'
import { digestOf, equalInConstantTime, newOpaqueToken } from './opaque.ts'
import type { CodeRow, OAuthClientRecord, SessionRecord, UserRecord } from './records.ts'
import { newSession, sessionLifeMs } from './sessions.ts'
import type { Sessions } from './sessions.ts'
import type { Store } from './store.ts'
import { accessTokenLifeMs } from './tokens.ts'
import type { Tokens } from './tokens.ts'

/** How long an authorization code can be exchanged. */
export const codeLifeMs = 60_000

/** The answer of the token endpoint (RFC 6749, section 5.1; OpenID Connect Core 1.0, section 3.1.3.3). */
export type TokenResponse = {
  access_token: string
  token_type: 'Bearer'
  expires_in: number
  scope: string
  refresh_token?: string
  id_token?: string
}

/** What a person has consented to. */
export type Consent = {
  client: OAuthClientRecord
  redirectUri: string
  scopes: readonly string[]
  codeChallenge: string
  nonce: string | undefined
}

const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url')

// RFC 7636, section 4.1.
const isVerifier = (text: string): boolean => /^[A-Za-z0-9._~-]{43,128}$/.test(text)

const invalidGrant = (description: string): OAuthError => new OAuthError('invalid_grant', description)

/** What applications get. */
export type Grants = ReturnType<typeof createGrants>

/** The grants of OAuth 2.0: what an application gets, and for what. */
export const createGrants = (store: Store, sessions: Sessions, tokens: Tokens, platform: Platform) => {
  const { now } = platform

  const respond = async (
    user: UserRecord,
    session: SessionRecord,
    scopes: readonly string[],
    refreshToken: string | undefined,
  ): Promise<TokenResponse> => {
    const { token } = await tokens.issueAccess({
      subject: user.id,
      sessionId: session.id,
      clientId: session.clientId ?? undefined,
      // What an administrator may do was not asked for, so no application gets it.
      roles: user.roles.filter((role) => role === 'MEMBER'),
      scopes,
    })
    return {
      access_token: token,
      token_type: 'Bearer',
      expires_in: accessTokenLifeMs / 1000,
      scope: scopes.join(' '),
      ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    }
  }

  const ownerOf = async (session: { userId: string }): Promise<UserRecord> => {
    const [user] = await store.usersByIds([session.userId])
    if (!user) throw invalidGrant('The account does not exist any more.')
    return user
  }

  return {
    /** The code that an application exchanges for tokens: it works once, within 60 seconds. */
    consent: async (person: SessionRecord, consent: Consent): Promise<string> => {
      const code = newOpaqueToken()
      await store.createCode({
        codeHash: digestOf(code),
        clientId: consent.client.id,
        userId: person.userId,
        redirectUri: consent.redirectUri,
        scopes: [...consent.scopes],
        codeChallenge: consent.codeChallenge,
        nonce: consent.nonce ?? null,
        authenticatedAt: person.createdAt,
        expiresAt: new Date(now().getTime() + codeLifeMs),
      })
      return code
    },

    /** Exchanges a code. A second exchange ends what the first one has given (RFC 6749, section 4.1.2). */
    redeem: async (
      client: OAuthClientRecord,
      given: { code: string; redirectUri: string; verifier: string },
    ): Promise<TokenResponse> => {
      const refreshToken = newOpaqueToken()
      const isOffline = ({ scopes }: Pick<CodeRow, 'scopes'>): boolean => scopes.includes('offline_access')
      const redemption = await store.redeemCode({
        codeHash: digestOf(given.code),
        clientId: client.id,
        accepts: (code) =>
          code.redirectUri === given.redirectUri &&
          isVerifier(given.verifier) &&
          equalInConstantTime(code.codeChallenge, challengeOf(given.verifier)),
        session: ({ userId, scopes }) =>
          newSession(platform, {
            userId,
            clientId: client.id,
            scopes,
            // Without offline access there is nothing to renew it by.
            lifeMs: isOffline({ scopes }) ? sessionLifeMs : accessTokenLifeMs,
          }),
        refreshTokenHash: (code) => (isOffline(code) ? digestOf(refreshToken) : undefined),
        at: now(),
      })
      if (redemption.outcome === 'reused') await sessions.tellEnded(redemption.ended)
      if (redemption.outcome !== 'redeemed') {
        throw invalidGrant('The code is wrong, was used before, has expired, or was given for something else.')
      }
      const { code, session } = redemption
      const user = await ownerOf(session)
      const response = await respond(user, session, code.scopes, isOffline(code) ? refreshToken : undefined)
      if (!code.scopes.includes('openid')) return response
      const idToken = await tokens.issueId({
        subject: user.id,
        clientId: client.id,
        authenticatedAt: code.authenticatedAt,
        nonce: code.nonce ?? undefined,
      })
      return { ...response, id_token: idToken }
    },

    /** Exchanges a refresh token of an application; with fewer scopes when it asks for fewer. */
    renew: async (
      client: OAuthClientRecord,
      refreshToken: string,
      scopes: readonly string[] | undefined,
    ): Promise<TokenResponse> => {
      const at = now()
      const next = newOpaqueToken()
      const renewal = await store.renewSession({
        tokenHash: digestOf(refreshToken),
        nextTokenHash: digestOf(next),
        clientId: client.id,
        scopes: scopes ?? [],
        at,
        expiresAt: new Date(at.getTime() + sessionLifeMs),
      })
      if (renewal.outcome === 'reused' && renewal.endedNow) await sessions.tellEnded([renewal.session])
      if (renewal.outcome === 'tooMuch') {
        throw new OAuthError('invalid_scope', 'The person has not consented to all of these scopes.')
      }
      if (renewal.outcome !== 'renewed') {
        throw invalidGrant('The refresh token is wrong, was used before, or has ended.')
      }
      const { session } = renewal
      return respond(await ownerOf(session), session, scopes ?? session.scopes, next)
    },

    /** A token for an application that acts for itself. */
    forClient: async (client: OAuthClientRecord, scopes: readonly string[]): Promise<TokenResponse> => {
      const personal = scopes.find((scope) => scope === 'openid' || scope === 'offline_access')
      if (personal !== undefined) {
        throw new OAuthError('invalid_scope', `"${personal}" is about a person, and here is none.`)
      }
      const { token } = await tokens.issueAccess({ subject: client.id, clientId: client.id, roles: [], scopes })
      return {
        access_token: token,
        token_type: 'Bearer',
        expires_in: accessTokenLifeMs / 1000,
        scope: scopes.join(' '),
      }
    },
  }
}
