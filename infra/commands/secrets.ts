import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '@codai/runtime'

/** What processes of one system share and nobody else may know. */
export type Secrets = { IDENTITY_SECRET: string; WALLET_KEY: string }

const readKept = async (file: string): Promise<Partial<Secrets>> => {
  const text = await readFile(file, 'utf8').catch(() => '{}')
  return JSON.parse(text) as Partial<Secrets>
}

/**
 * The secrets of this system: made once, kept in the data folder, readable by its owner only. They have to stay, because
 * wallets are encrypted under one of them. Secrets of the configuration come first.
 */
export const systemSecrets = async (config: Config): Promise<Secrets> => {
  const file = join(config.dataDir, 'secrets.json')
  const kept = await readKept(file)
  const secrets: Secrets = {
    IDENTITY_SECRET: config.identitySecret ?? kept.IDENTITY_SECRET ?? randomBytes(32).toString('hex'),
    WALLET_KEY: config.walletKey
      ? Buffer.from(config.walletKey).toString('hex')
      : (kept.WALLET_KEY ?? randomBytes(32).toString('hex')),
  }
  const keep: Secrets = {
    IDENTITY_SECRET: kept.IDENTITY_SECRET ?? secrets.IDENTITY_SECRET,
    WALLET_KEY: kept.WALLET_KEY ?? secrets.WALLET_KEY,
  }
  if (kept.IDENTITY_SECRET === undefined || kept.WALLET_KEY === undefined) {
    await mkdir(config.dataDir, { recursive: true })
    await writeFile(`${file}.new`, JSON.stringify(keep), { mode: 0o600 })
    await rename(`${file}.new`, file)
  }
  return secrets
}
