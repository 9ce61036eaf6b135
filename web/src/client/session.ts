import { createStore } from '../shared/store.ts'
import type { Store } from '../shared/store.ts'

/** What a sign-in or a renewal gives. */
export type TokenPair = {
  readonly accessToken: string
  readonly accessTokenExpiresAt: string
  readonly refreshToken: string
  readonly user: { readonly id: string; readonly handle: string }
}

/** Who is signed in on this device. */
export type SignedIn = {
  readonly userId: string
  readonly handle: string
  readonly accessToken: string
  readonly refreshToken: string
  /** When the access token ends, in milliseconds of this device's own clock. */
  readonly expiresAt: number
}

/** Why the person is not signed in any more; null when there is nothing to explain. */
export type SignOutReason = 'SIGNED_OUT' | 'REVOKED' | 'TOKEN_REUSED' | 'PASSWORD_CHANGED' | 'EXPIRED' | null

/** A refusal of the refresh token by the service; anything else that goes wrong is a passing trouble. */
export class RefreshRefused extends Error {
  readonly code: string
  constructor(code: string) {
    super(`The session could not be renewed: ${code}`)
    this.name = 'RefreshRefused'
    this.code = code
  }
}

/** The parts of the browser on which a session stands. */
export type SessionParts = {
  /** Shared by the tabs of this browser. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  /** Runs one task at a time, over all tabs. */
  readonly exclusively: <T>(task: () => Promise<T>) => Promise<T>
  /** Exchanges a refresh token for a new pair. Throws RefreshRefused when the service refuses it. */
  readonly renew: (refreshToken: string) => Promise<TokenPair>
  readonly now: () => number
}

/** The one session of this browser. */
export type Session = {
  readonly signedIn: Store<SignedIn | null>
  /** Why the last session ended, for the page to say. */
  readonly endedBecause: Store<SignOutReason>
  /** Takes the tokens of a sign-in. */
  readonly begin: (pair: TokenPair) => void
  /** Forgets the tokens on this device, in every tab. */
  readonly end: (reason: SignOutReason) => void
  /** Whether the access token is worth sending. */
  readonly isFresh: () => boolean
  /**
   * A token to send, renewed before if it is about to end, or if it is the one that was just refused; null for nobody.
   * However many tabs ask at once, the session is renewed once. Throws when the renewal fails for a passing reason.
   */
  readonly accessToken: (refused?: string) => Promise<string | null>
  /** Another tab has changed the storage. */
  readonly reload: () => void
}

const storageKey = 'codai.session'

// Renewed this long before the end, so that no request is on its way when the token ends.
const marginMs = 30_000

/**
 * How long an access token lives, by its own claims: the end of its life is then kept in the device's own time, and a
 * clock that is wrong does no harm.
 */
const lifetimeMs = (pair: TokenPair, now: number): number => {
  try {
    const payload = pair.accessToken.split('.')[1] ?? ''
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))
    const { iat, exp } = claims as { iat?: unknown; exp?: unknown }
    if (typeof iat === 'number' && typeof exp === 'number' && exp > iat) return (exp - iat) * 1000
  } catch {
    // Not a JWT after all: the announced instant serves.
  }
  return Date.parse(pair.accessTokenExpiresAt) - now
}

const read = (storage: SessionParts['storage']): SignedIn | null => {
  try {
    const value: unknown = JSON.parse(storage.getItem(storageKey) ?? 'null')
    if (typeof value !== 'object' || value === null || !('refreshToken' in value)) return null
    return value as SignedIn
  } catch {
    return null
  }
}

/** Opens the session that an earlier visit left in the storage, or none. */
export const openSession = (parts: SessionParts): Session => {
  const { storage, exclusively, renew, now } = parts
  const signedIn = createStore<SignedIn | null>(read(storage))
  const endedBecause = createStore<SignOutReason>(null)
  let renewing: Promise<string | null> | undefined

  const begin = (pair: TokenPair): void => {
    const next: SignedIn = {
      userId: pair.user.id,
      handle: pair.user.handle,
      accessToken: pair.accessToken,
      refreshToken: pair.refreshToken,
      expiresAt: now() + lifetimeMs(pair, now()),
    }
    storage.setItem(storageKey, JSON.stringify(next))
    endedBecause.set(null)
    signedIn.set(next)
  }

  const end = (reason: SignOutReason): void => {
    if (signedIn.get() === null) return
    storage.removeItem(storageKey)
    endedBecause.set(reason)
    signedIn.set(null)
  }

  const reload = (): void => {
    const stored = read(storage)
    if (stored?.accessToken !== signedIn.get()?.accessToken) signedIn.set(stored)
  }

  const usable = (current: SignedIn, refused?: string): boolean =>
    current.accessToken !== refused && current.expiresAt - marginMs > now()

  const renewOnce = (refused?: string): Promise<string | null> =>
    exclusively(async () => {
      // Another tab may have renewed it, or signed out, while this one waited for its turn.
      reload()
      const current = signedIn.get()
      if (current === null || usable(current, refused)) return current?.accessToken ?? null
      try {
        begin(await renew(current.refreshToken))
        return signedIn.get()?.accessToken ?? null
      } catch (error) {
        if (!(error instanceof RefreshRefused)) throw error
        end(error.code === 'TOKEN_REUSED' ? 'TOKEN_REUSED' : 'EXPIRED')
        return null
      }
    })

  return {
    signedIn,
    endedBecause,
    begin,
    end,
    reload,
    isFresh: () => {
      const current = signedIn.get()
      return current === null || usable(current)
    },
    accessToken: async (refused) => {
      const current = signedIn.get()
      if (current === null) return null
      if (usable(current, refused)) return current.accessToken
      renewing ??= renewOnce(refused).finally(() => {
        renewing = undefined
      })
      return renewing
    },
  }
}
