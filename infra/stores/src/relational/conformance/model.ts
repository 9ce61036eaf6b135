import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import type { ClientClass, ClosableClient } from '../client.ts'
import type { InteractiveClient } from '../serializable.ts'

type Where = { where: Record<string, unknown> }
type Delegate<Row> = {
  create(options: { data: Partial<Row> }): Promise<Row>
  findUniqueOrThrow(options: Where): Promise<Row>
  update(options: Where & { data: Record<string, unknown> }): Promise<Row>
}

/** A decimal.js value. */
export type DecimalValue = { toFixed(): string }
export type Counter = { name: string; value: bigint }
export type Sample = {
  id: string
  minor: bigint
  rate: DecimalValue | string
  takenAt: Date
  details: unknown
  label: string
}

/** What the suite uses of the client generated from model.prisma; written down because generated code is not checked in. */
export type ConformanceClient = ClosableClient &
  InteractiveClient & {
    counter: Delegate<Counter>
    sample: Delegate<Sample>
    $queryRaw<R>(strings: TemplateStringsArray, ...values: unknown[]): Promise<R>
    $executeRaw(strings: TemplateStringsArray, ...values: unknown[]): Promise<number>
  }

/** Generates the client of model.prisma and loads it (about a second). */
export async function loadClient(): Promise<ClientClass<ConformanceClient>> {
  const folder = dirname(fileURLToPath(import.meta.url))
  const prisma = join(dirname(createRequire(import.meta.url).resolve('prisma/package.json')), 'build/index.js')
  await promisify(execFile)(process.execPath, [prisma, 'generate', '--schema', join(folder, 'model.prisma')], {
    cwd: folder,
    // Generating needs no schema engine, which the command would otherwise download.
    env: { PATH: dirname(process.execPath), PRISMA_SCHEMA_ENGINE_BINARY: '/bin/false', CHECKPOINT_DISABLE: '1' },
  })
  const generated = (await import(join(folder, '.generated/client.ts'))) as {
    PrismaClient: ClientClass<ConformanceClient>
  }
  return generated.PrismaClient
}
