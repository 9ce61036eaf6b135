import { badInput, codedError, notFound, requireId, requireKey, requiredText } from '../_kit/index.ts'
import { lockOwnApp } from './apps.ts'
import type { ApiKeyGrantRecord, ApiKeyRecord, ApiKeyStatus, ApiScope, IssuedKeyRecord } from './records.ts'
import type { KeyedCall, Requests } from './requests.ts'
import { newKey } from './secrets.ts'
import type { Store } from './store.ts'
import type { DoorTransaction } from './transaction.ts'

const mostKeys = 10
const longestGraceSeconds = 604_800
const defaultGraceSeconds = 86_400
const everyScope: readonly ApiScope[] = ['LIVE', 'READ']

/** Whether a key works at an instant. */
export const statusAt = ({ revokedAt, expiresAt }: ApiKeyRecord, now: Date): ApiKeyStatus => {
  if (revokedAt !== null) return 'REVOKED'
  return expiresAt !== null && expiresAt <= now ? 'EXPIRED' : 'ACTIVE'
}

/** What a key is to be. */
type Wish = Pick<ApiKeyRecord, 'id' | 'appId' | 'ownerId' | 'name' | 'scopes' | 'trustedOnly' | 'expiresAt'>

const endOf = (expiresAt: Date | null | undefined, now: Date): Date | null => {
  if (expiresAt == null) return null
  if (expiresAt <= now) throw badInput('A key ends in the future.', { field: 'expiresAt' })
  return expiresAt
}

/** Issues, rotates, ends and recognizes keys. */
export const createKeys = (options: {
  store: Store
  requests: Requests
  hash: (digest: string) => Uint8Array<ArrayBuffer>
  now: () => Date
}) => {
  const { store, requests, hash, now } = options

  const insert = async (tx: DoorTransaction, wish: Wish): Promise<string> => {
    if ((await tx.countKeys(wish.appId, now())) >= mostKeys) {
      throw codedError('LIMIT_EXCEEDED', `An app has at most ${mostKeys} keys that work. End one first.`)
    }
    const { secret, prefix, digest } = newKey()
    const blank = { createdAt: now(), lastUsedAt: null, revokedAt: null, successorId: null }
    await tx.insertKey({ ...wish, ...blank, prefix }, hash(digest))
    await tx.publish({ type: 'publicai.keyIssued', key: wish.appId, payload: { app: wish.appId, key: wish.id } })
    return secret
  }

  /** Issues a key once for each idempotency key; only the call that made it gets its secret. */
  const issue = async (
    call: KeyedCall,
    work: (tx: DoorTransaction, id: string) => Promise<string>,
  ): Promise<IssuedKeyRecord> => {
    let secret: string | null = null
    const { id } = await requests.once(call, async (tx, keyId) => {
      secret = await work(tx, keyId)
    })
    const [key] = await store.keys([id])
    if (!key) throw codedError('CONFLICT', 'The app of the key that this idempotency key made was deleted.')
    return { key, secret }
  }

  const findOwn = async (tx: DoorTransaction, userId: string, id: string): Promise<ApiKeyRecord> => {
    const found = await tx.key(id)
    if (!found) throw notFound('ApiKey', id)
    const app = await tx.lockApp(found.appId)
    if (app?.ownerId !== userId) throw notFound('ApiKey', id)
    // What was read before the lock may be old by now.
    return (await tx.key(id)) ?? found
  }

  return {
    /** Gives an own app a key. LIMIT_EXCEEDED at its 11th that works. */
    issueKey: (
      userId: string,
      input: {
        app: string
        name: string
        scopes?: readonly ApiScope[] | undefined
        trustedOnly?: boolean | undefined
        expiresAt?: Date | null | undefined
        idempotencyKey: string
      },
    ): Promise<IssuedKeyRecord> => {
      const appId = requireId('DeveloperApp', input.app)
      const name = requiredText(input.name, 60, 'name')
      const scopes = [...new Set(input.scopes ?? everyScope)].toSorted()
      if (scopes.length === 0) throw badInput('A key may do something: give a scope.', { field: 'scopes' })
      const { trustedOnly = false, expiresAt } = input
      const content = [appId, name, scopes, trustedOnly, expiresAt ?? null]
      const call = { actor: userId, key: requireKey(input.idempotencyKey), operation: 'issueKey', content }
      return issue(call, async (tx, id) => {
        await lockOwnApp(tx, userId, appId)
        return insert(tx, { id, appId, ownerId: userId, name, scopes, trustedOnly, expiresAt: endOf(expiresAt, now()) })
      })
    },

    /** Gives an own key a successor, and lets it work for some more seconds. */
    rotateKey: (
      userId: string,
      input: { key: string; graceSeconds?: number | undefined; idempotencyKey: string },
    ): Promise<IssuedKeyRecord> => {
      const keyId = requireId('ApiKey', input.key)
      const { graceSeconds = defaultGraceSeconds } = input
      if (graceSeconds < 0 || graceSeconds > longestGraceSeconds) {
        throw badInput(`\`graceSeconds\` is between 0 and ${longestGraceSeconds}.`, { field: 'graceSeconds' })
      }
      const content = [keyId, graceSeconds]
      const call = { actor: userId, key: requireKey(input.idempotencyKey), operation: 'rotateKey', content }
      return issue(call, async (tx, id) => {
        const old = await findOwn(tx, userId, keyId)
        const at = now()
        if (statusAt(old, at) !== 'ACTIVE') throw codedError('CONFLICT', 'This key does not work any more.')
        if (old.successorId !== null) throw codedError('CONFLICT', 'This key has a successor already.')
        const end = new Date(at.getTime() + graceSeconds * 1_000)
        const expiresAt = old.expiresAt !== null && old.expiresAt < end ? old.expiresAt : end
        // Ended before the other begins, so that a rotation without grace never needs room for one key more.
        await tx.updateKey(keyId, { expiresAt })
        const { appId, ownerId, name, scopes, trustedOnly } = old
        const secret = await insert(tx, { id, appId, ownerId, name, scopes, trustedOnly, expiresAt: old.expiresAt })
        await tx.updateKey(keyId, { successorId: id })
        return secret
      })
    },

    /** Ends an own key; a second call changes nothing. */
    revokeKey: (userId: string, key: string): Promise<ApiKeyRecord> => {
      const id = requireId('ApiKey', key)
      return store.transact(async (tx) => {
        const found = await findOwn(tx, userId, id)
        if (found.revokedAt !== null) return found
        const revokedAt = now()
        await tx.updateKey(id, { revokedAt })
        const payload = { app: found.appId, key: id }
        await tx.publish({ type: 'publicai.keyRevoked', key: found.appId, payload })
        return { ...found, revokedAt }
      })
    },

    /** A key by the SHA-256 of its text; null when there is none. */
    grant: async (digest: string): Promise<ApiKeyGrantRecord | null> => (await store.keyByHash(hash(digest))) ?? null,
  }
}
