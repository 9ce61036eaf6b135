import { Client } from 'pg'

import { StoreError } from './store-error.ts'

export const CONNECT_PATIENCE_MILLISECONDS = 5000

/**
 * One open connection, which the caller ends.
 * @throws StoreError STORE_UNREACHABLE
 */
export async function connectionFor(options: { url: string; applicationName: string }): Promise<Client> {
  const client = new Client({
    connectionString: options.url,
    application_name: options.applicationName,
    connectionTimeoutMillis: CONNECT_PATIENCE_MILLISECONDS,
    keepAlive: true,
  })
  try {
    await client.connect()
  } catch (cause) {
    await client.end().catch(() => undefined)
    throw unreachable(options.url, cause)
  }
  return client
}

/** Says what does not answer, and never the password. */
export function unreachable(url: string, cause: unknown): StoreError {
  const reason = cause instanceof Error ? reasonOf(cause) : String(cause)
  return new StoreError(
    'STORE_UNREACHABLE',
    `PostgreSQL at ${withoutSecrets(url)} cannot be used: ${reason}. Is it running, and is DATABASE_URL right?`,
    { cause },
  )
}

function reasonOf(cause: Error): string {
  // Node gives one error for each address of a name, and the sum of them has an empty message.
  if (cause instanceof AggregateError && cause.message === '') return cause.errors.map(String).join('; ')
  return cause.message
}

function withoutSecrets(url: string): string {
  try {
    const { username, host, pathname } = new URL(url)
    return `${username === '' ? '' : `${username}@`}${host}${pathname}`
  } catch {
    return '(a URL that cannot be read)'
  }
}
