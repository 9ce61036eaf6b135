import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Logger } from '@codai/runtime'
import type { Client } from 'pg'
import { DatabaseError, escapeIdentifier } from 'pg'

import { connectionFor } from './connection.ts'
import { StoreError } from './store-error.ts'

type Migration = { name: string; sql: string }
type Applied = { migration_name: string; checksum: string; finished_at: Date | null; rolled_back_at: Date | null }

/** The advisory lock that Prisma's own CLI takes, so that it and we never migrate at the same time. */
const PRISMA_LOCK = 72707369
const LOCK_PATIENCE_MILLISECONDS = 60_000

/**
 * Brings a service's PostgreSQL schema up to date: applies `folder/<timestamp>_<name>/migration.sql` in the order of
 * their names, each in a transaction of its own, and records them as Prisma's CLI does. Any number of processes may
 * call it at once. Answers the names of the migrations applied by this call.
 * @throws StoreError MIGRATION_CHANGED, MIGRATION_FAILED or STORE_UNREACHABLE
 */
export async function applyMigrations(options: {
  url: string
  /** Also the name of the PostgreSQL schema. */
  service: string
  folder: string
  logger: Logger
}): Promise<string[]> {
  const { url, service, folder, logger } = options
  const migrations = await readMigrations(folder)
  const client = await connectionFor({ url, applicationName: `${service} migrations` })
  try {
    // Released when the connection ends.
    await client.query(`SET lock_timeout = ${LOCK_PATIENCE_MILLISECONDS}`)
    await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK])
    await client.query('SET lock_timeout = 0')
    const table = await ensureTable(client, service)
    const pending = await findPending({ client, table, service, migrations, logger })
    for (const migration of pending) {
      await apply({ client, table, service, migration })
      logger.info({ service, migration: migration.name }, 'migration applied')
    }
    return pending.map((migration) => migration.name)
  } finally {
    await client.end()
  }
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.sort().map(async (name) => ({ name, sql: await readFile(join(folder, name, 'migration.sql'), 'utf8') })),
  )
}

async function ensureTable(client: Client, service: string): Promise<string> {
  const schema = escapeIdentifier(service)
  const table = `${schema}._prisma_migrations`
  await client.query(`
    SET client_min_messages = warning;
    CREATE SCHEMA IF NOT EXISTS ${schema};
    CREATE TABLE IF NOT EXISTS ${table} (
      id VARCHAR(36) PRIMARY KEY NOT NULL,
      checksum VARCHAR(64) NOT NULL,
      finished_at TIMESTAMPTZ,
      migration_name VARCHAR(255) NOT NULL,
      logs TEXT,
      rolled_back_at TIMESTAMPTZ,
      started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
      applied_steps_count INTEGER NOT NULL DEFAULT 0
    )`)
  return table
}

async function findPending(options: {
  client: Client
  table: string
  service: string
  migrations: Migration[]
  logger: Logger
}): Promise<Migration[]> {
  const { client, table, service, migrations, logger } = options
  const { rows } = await client.query<Applied>(
    `SELECT migration_name, checksum, finished_at, rolled_back_at FROM ${table} WHERE rolled_back_at IS NULL`,
  )
  const applied = new Map(rows.map((row) => [row.migration_name, row]))
  const unfinished = rows.find((row) => row.finished_at === null)
  if (unfinished !== undefined) {
    throw new StoreError(
      'MIGRATION_FAILED',
      `Migration ${unfinished.migration_name} of ${service} was begun by Prisma's CLI and never finished. ` +
        'Repair the database, then run: prisma migrate resolve.',
    )
  }
  const known = new Set(migrations.map((migration) => migration.name))
  const unknown = rows.map((row) => row.migration_name).filter((name) => !known.has(name))
  if (unknown.length > 0)
    logger.warn({ service, unknown }, 'the database has migrations that this version does not know')
  for (const migration of migrations) {
    const row = applied.get(migration.name)
    if (row !== undefined && !checksums(migration.sql).includes(row.checksum)) {
      throw new StoreError(
        'MIGRATION_CHANGED',
        `Migration ${migration.name} of ${service} was edited after it had been applied. Restore ` +
          `${migration.name}/migration.sql as it was and put the change into a new migration.`,
      )
    }
  }
  return migrations.filter((migration) => !applied.has(migration.name))
}

async function apply(options: { client: Client; table: string; service: string; migration: Migration }): Promise<void> {
  const { client, table, service, migration } = options
  const startedAt = new Date()
  await client.query('BEGIN')
  try {
    // Prisma writes qualified names; SQL written by hand may leave the schema out.
    await client.query(`SET LOCAL search_path TO ${escapeIdentifier(service)}, public`)
    await client.query(migration.sql)
    await client.query(
      `INSERT INTO ${table} (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, $4, clock_timestamp(), 1)`,
      [randomUUID(), checksums(migration.sql)[0], migration.name, startedAt],
    )
    await client.query('COMMIT')
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw new StoreError(
      'MIGRATION_FAILED',
      `Migration ${migration.name} of ${service} failed and left no trace${where(migration.sql, cause)}: ${String(cause)}`,
      { cause },
    )
  }
}

/** The script's checksum as Prisma takes it; the others are of the same script with the other system's line ends. */
function checksums(sql: string): string[] {
  const unix = sql.replaceAll('\r\n', '\n')
  return [sql, unix, unix.replaceAll('\n', '\r\n')].map((text) => createHash('sha256').update(text).digest('hex'))
}

function where(sql: string, cause: unknown): string {
  const position = cause instanceof DatabaseError ? Number(cause.position) : Number.NaN
  return Number.isNaN(position) ? '' : ` at line ${sql.slice(0, position).split('\n').length}`
}
