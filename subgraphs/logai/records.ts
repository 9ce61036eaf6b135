/** Why a session ended before its time. */
export type RevokedReason = 'SIGNED_OUT' | 'REVOKED' | 'TOKEN_REUSED' | 'PASSWORD_CHANGED'

/** What a person may do in the whole system. */
export type Role = 'MEMBER' | 'ADMIN'

/** A person, without the password. */
export type UserRecord = { id: string; handle: string; email: string; roles: Role[]; createdAt: Date }

/** A session: a sign-in of a person, or the consent of a person to an application. */
export type SessionRecord = {
  id: string
  userId: string
  /** Null for a sign-in of the person. */
  clientId: string | null
  scopes: string[]
  userAgent: string | null
  address: string | null
  createdAt: Date
  lastUsedAt: Date
  expiresAt: Date
  revokedAt: Date | null
  revokedReason: RevokedReason | null
}

/** An application that may sign people in. */
export type OAuthClientRecord = {
  id: string
  ownerId: string
  name: string
  /** Null for a public client. */
  secretHash: string | null
  redirectUris: string[]
  scopes: string[]
  createdAt: Date
  deletedAt: Date | null
}

/** A key that signs, as it is stored: the private part is sealed. */
export type SigningKeyRow = {
  kid: string
  publicJwk: unknown
  privateJwk: string
  activeFrom: Date
  activeUntil: Date
}

/** What an authorization code stands for. */
export type CodeRow = {
  codeHash: string
  clientId: string
  userId: string
  redirectUri: string
  scopes: string[]
  codeChallenge: string
  nonce: string | null
  authenticatedAt: Date
  expiresAt: Date
}

/** Where a list of own things, newest first, goes on. */
export type ListPosition = { createdAt: string; id: string }

/** What is unique of a handle. */
export const handleKeyOf = (handle: string): string => handle.toLowerCase()

/** What lies behind a position in a list that is ordered by `createdAt` and `id`, newest first. */
export const behind = (after: ListPosition | undefined): object =>
  after === undefined
    ? {}
    : { OR: [{ createdAt: { lt: after.createdAt } }, { createdAt: after.createdAt, id: { lt: after.id } }] }
