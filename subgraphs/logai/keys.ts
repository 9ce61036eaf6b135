import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK } from 'jose'
import type { CryptoKey, JWK } from 'jose'
import type { Logger } from '../_kit/index.ts'
import type { SigningKeyRow } from './records.ts'
import type { Store } from './store.ts'
import type { Sealer } from './vault.ts'

/** How long a key signs. */
export const keyLifeMs = 30 * 24 * 3_600_000
/** How long before its time a key is published, so that verifiers know it when it is first used. */
const publishedAheadMs = 24 * 3_600_000
/** How long a key is published after its time: longer than anything that it signed lives. */
const publishedAfterMs = 2 * 3_600_000
/** How long a process goes by what it last read. */
const rememberedMs = 60_000

/** The keys that sign tokens. */
export type SigningKeys = {
  /** The key to sign with now. */
  current(): Promise<{ kid: string; key: CryptoKey }>
  /** The public keys that verify whatever is still valid, as a JSON Web Key Set. */
  published(): Promise<{ keys: JWK[] }>
}

const newKey = async (sealer: Sealer, activeFrom: Date): Promise<SigningKeyRow> => {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  const publicJwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(publicJwk)
  return {
    kid,
    publicJwk: { ...publicJwk, kid, alg: 'ES256', use: 'sig' },
    privateJwk: sealer.seal(JSON.stringify(await exportJWK(privateKey)), kid),
    activeFrom,
    activeUntil: new Date(activeFrom.getTime() + keyLifeMs),
  }
}

/**
 * Keys that rotate by themselves, whatever process looks first: each is made a day before it is used, and published until
 * the last token that it signed has ended. The private parts are sealed in the database.
 */
export const createSigningKeys = (options: {
  store: Pick<Store, 'signingKeys' | 'rotateSigningKeys'>
  sealer: Sealer
  now: () => Date
  logger: Logger
}): SigningKeys => {
  const { store, sealer, now, logger } = options
  const imported = new Map<string, Promise<CryptoKey | undefined>>()
  let remembered: { rows: readonly SigningKeyRow[]; readAt: number } | undefined

  const privateKey = async ({ kid, privateJwk }: SigningKeyRow): Promise<CryptoKey | undefined> => {
    try {
      return (await importJWK(JSON.parse(sealer.open(privateJwk, kid)) as JWK, 'ES256')) as CryptoKey
    } catch (error) {
      logger.error(
        { err: error, kid },
        'A signing key cannot be opened: IDENTITY_SECRET is not the one it was sealed with',
      )
      return undefined
    }
  }
  const usable = (row: SigningKeyRow): Promise<CryptoKey | undefined> => {
    const known = imported.get(row.kid) ?? privateKey(row)
    imported.set(row.kid, known)
    return known
  }

  const isActive = (row: SigningKeyRow, at: number): boolean =>
    row.activeFrom.getTime() <= at && at < row.activeUntil.getTime()

  /** What is missing so that there is a key now and a day from now. */
  const missing = async (rows: readonly SigningKeyRow[]): Promise<SigningKeyRow | undefined> => {
    const at = now().getTime()
    const own = []
    for (const row of rows) if (await usable(row)) own.push(row)
    if (!own.some((row) => isActive(row, at))) return newKey(sealer, now())
    const lastEnd = Math.max(...own.map((row) => row.activeUntil.getTime()))
    return lastEnd < at + publishedAheadMs ? newKey(sealer, new Date(lastEnd)) : undefined
  }

  const read = async (): Promise<readonly SigningKeyRow[]> => {
    const at = now().getTime()
    if (remembered && Math.abs(at - remembered.readAt) < rememberedMs) return remembered.rows
    let rows = await store.signingKeys()
    if (await missing(rows)) rows = await store.rotateSigningKeys(missing, new Date(at - publishedAfterMs))
    remembered = { rows, readAt: at }
    return rows
  }

  return {
    current: async () => {
      const rows = await read()
      // Asked after reading, because reading may have made the key that begins now.
      const at = now().getTime()
      const candidates = rows.filter((row) => isActive(row, at))
      for (const row of candidates.toSorted((a, b) => b.activeFrom.getTime() - a.activeFrom.getTime())) {
        const key = await usable(row)
        if (key) return { kid: row.kid, key }
      }
      throw new Error('There is no signing key.')
    },
    published: async () => {
      const oldest = now().getTime() - publishedAfterMs
      const rows = (await read()).filter((row) => row.activeUntil.getTime() > oldest)
      return { keys: rows.map(({ publicJwk }) => publicJwk as JWK) }
    },
  }
}
