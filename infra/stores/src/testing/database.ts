import { randomBytes } from 'node:crypto'

import type { Client } from 'pg'
import { escapeIdentifier } from 'pg'

import { connectionFor } from '../relational/connection.ts'

export type TestDatabase = {
  url: string
  /** Ends whatever connections are left and removes the database. */
  drop(): Promise<void>
}

const PREPARE_LOCK = 72707370

/** A new, empty database on the given server, or a copy of a template made by `prepareTemplateOn` (about 50 ms). */
export async function createDatabaseOn(serverUrl: string, options: { from?: string } = {}): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`
  const template = options.from === undefined ? '' : ` TEMPLATE ${escapeIdentifier(templateName(options.from))}`
  await asAdministrator(serverUrl, (client) => client.query(`CREATE DATABASE ${name}${template}`))
  return {
    url: databaseUrl(serverUrl, name),
    drop: () => asAdministrator(serverUrl, async (client) => void (await client.query(dropDatabase(name)))),
  }
}

/**
 * Builds the template once per server, however many test processes ask for it at once; `migrate` gets the URL of the
 * empty database and must have closed its connections when it resolves.
 */
export async function prepareTemplateOn(
  serverUrl: string,
  name: string,
  migrate: (url: string) => Promise<void>,
): Promise<void> {
  const database = templateName(name)
  await asAdministrator(serverUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock($1, hashtext($2))', [PREPARE_LOCK, database])
    const found = await client.query<{ complete: boolean }>(
      'SELECT datistemplate AS complete FROM pg_database WHERE datname = $1',
      [database],
    )
    if (found.rows[0]?.complete === true) return
    await client.query(dropDatabase(database))
    await client.query(`CREATE DATABASE ${escapeIdentifier(database)}`)
    await migrate(databaseUrl(serverUrl, database))
    await client.query(`ALTER DATABASE ${escapeIdentifier(database)} IS_TEMPLATE true`)
  })
}

async function asAdministrator<T>(serverUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await connectionFor({ url: serverUrl, applicationName: 'tests' })
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${encodeURIComponent(name)}`
  return url.href
}

function dropDatabase(name: string): string {
  return `DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`
}

function templateName(name: string): string {
  return `template_${name}`
}
