import { badInput, notFound } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import { digestOf, equalInConstantTime, newOpaqueToken } from './opaque.ts'
import type { OAuthClientRecord } from './records.ts'
import type { Sessions } from './sessions.ts'
import type { Store } from './store.ts'

/** What applications may ask for, and what people read about it. */
export const scopeMeanings: Readonly<Record<string, string>> = {
  openid: 'know who you are, by an identifier that never changes',
  profile: 'see your handle',
  email: 'see your e-mail address',
  offline_access: 'stay signed in for you until you end it',
}

const longestName = 80
const mostRedirectUris = 10
const longestUri = 2_000

const isLoopback = ({ hostname }: URL): boolean => ['127.0.0.1', '[::1]', 'localhost'].includes(hostname)

const checkRedirectUri = (uri: string): void => {
  const refuse = (why: string): Error => badInput(`"${uri.slice(0, 200)}" ${why}`, { field: 'redirectUris' })
  const parsed = URL.canParse(uri) && uri.length <= longestUri ? new URL(uri) : undefined
  if (!parsed) throw refuse(`is not an absolute address of at most ${longestUri} characters.`)
  if (uri.includes('#')) throw refuse('must not have a fragment.')
  if (parsed.username || parsed.password) throw refuse('must not have a user name.')
  if (parsed.protocol === 'https:' || (parsed.protocol === 'http:' && isLoopback(parsed))) return
  throw refuse('has to begin with https://, or with http:// for a loopback address.')
}

// Only the port goes: the rest of the address stays to be compared character by character.
const withoutLoopbackPort = (uri: string): string | undefined => {
  const pattern = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost))(?::\d{1,5})?(?=[/?]|$)/
  return pattern.test(uri) && URL.canParse(uri) ? uri.replace(pattern, '$1') : undefined
}

/**
 * Whether people may be sent to an address: it is registered, character by character. A loopback address may have any
 * port, because an application on a computer of its user takes what is free (RFC 8252, section 7.3).
 */
export const isRegisteredRedirect = (registered: readonly string[], uri: string): boolean => {
  if (registered.includes(uri)) return true
  const loopback = withoutLoopbackPort(uri)
  return loopback !== undefined && registered.some((candidate) => withoutLoopbackPort(candidate) === loopback)
}

/** Applications of people. */
export type OAuthClients = ReturnType<typeof createOAuthClients>

/** The rules of applications. */
export const createOAuthClients = (store: Store, sessions: Sessions, { now, newId }: Platform) => ({
  /** Registers an application. Its secret, 256 random bits, is in the answer and nowhere else. */
  create: async (
    ownerId: string,
    input: {
      name: string
      redirectUris: readonly string[]
      scopes: readonly string[]
      confidential: boolean
    },
  ): Promise<{ client: OAuthClientRecord; secret: string | null }> => {
    const name = input.name.trim()
    const redirectUris = [...new Set(input.redirectUris)]
    const scopes = [...new Set(input.scopes)]
    if (name.length < 1 || name.length > longestName) {
      throw badInput(`A name has 1 to ${longestName} characters.`, { field: 'name' })
    }
    if (redirectUris.length < 1 || redirectUris.length > mostRedirectUris) {
      throw badInput(`There are 1 to ${mostRedirectUris} redirect addresses.`, { field: 'redirectUris' })
    }
    for (const uri of redirectUris) checkRedirectUri(uri)
    const unknown = scopes.find((scope) => !Object.hasOwn(scopeMeanings, scope))
    if (unknown !== undefined) {
      const known = Object.keys(scopeMeanings).join(', ')
      throw badInput(`"${unknown.slice(0, 60)}" is not a scope here. There are ${known}.`, { field: 'scopes' })
    }
    const secret = input.confidential ? newOpaqueToken() : null
    const client: OAuthClientRecord = {
      id: newId(),
      ownerId,
      name,
      secretHash: secret === null ? null : digestOf(secret),
      redirectUris,
      scopes,
      createdAt: now(),
      deletedAt: null,
    }
    await store.createOAuthClient(client)
    return { client, secret }
  },

  /** Removes an own application, and ends what people opened for it. NOT_FOUND for any other. */
  remove: async (ownerId: string, id: string): Promise<OAuthClientRecord> => {
    const removed = await store.deleteOAuthClient(id, ownerId, now())
    if (!removed) throw notFound('OAuthClient', id)
    await sessions.tellEnded(removed.ended)
    return removed.record
  },

  /** An application that was not removed. */
  byId: async (id: string): Promise<OAuthClientRecord | undefined> => {
    const [client] = await store.oauthClientsByIds([id])
    return client?.deletedAt === null ? client : undefined
  },

  /** Whether a secret is the application's. A public one has none and must give none. */
  isProven: ({ secretHash }: OAuthClientRecord, secret: string | undefined): boolean => {
    if (secretHash === null) return secret === undefined
    return secret !== undefined && equalInConstantTime(secretHash, digestOf(secret))
  },
})
