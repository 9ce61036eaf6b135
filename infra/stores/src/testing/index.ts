import { inject } from 'vitest'

import type { TestDatabase } from './database.ts'
import { createDatabaseOn, prepareTemplateOn } from './database.ts'

export { createDatabaseOn, prepareTemplateOn } from './database.ts'
export type { TestDatabase } from './database.ts'

/** A database for one test file, on the run's own PostgreSQL; `from` names a template made by `prepareTemplate`. */
export async function createTestDatabase(options: { from?: string } = {}): Promise<TestDatabase> {
  return createDatabaseOn(inject('postgresUrl'), options)
}

/** Builds a template database once per run; see `prepareTemplateOn`. */
export async function prepareTemplate(name: string, migrate: (url: string) => Promise<void>): Promise<void> {
  return prepareTemplateOn(inject('postgresUrl'), name, migrate)
}
