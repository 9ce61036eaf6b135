import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { repositoryRoot, silentLogger } from '@codai/runtime'
import { startEmbeddedPostgres } from '@codai/stores'

const commands = join(repositoryRoot, 'infra/commands')

const timestamp = (now: Date): string => now.toISOString().replace(/\D/g, '').slice(0, 14)

/**
 * Writes the migration that takes a service's tables from its migrations so far to its `model.prisma`.
 * Prisma's schema engine makes the difference, on an empty PostgreSQL that lives only for this.
 * What Prisma's models cannot say (triggers, checks) is written into the file by hand before it is first applied.
 */
export const writeMigration = async (service: string, name: string): Promise<void> => {
  if (!/^[a-z]+$/.test(service) || !/^[a-z0-9_]+$/.test(name)) {
    throw new Error('Say which service and what changes: npm run migrate -- bancai add_statement_index')
  }
  const folder = join(repositoryRoot, 'subgraphs', service)
  const model = await readFile(join(folder, 'model.prisma'), 'utf8').catch(() => {
    throw new Error(`subgraphs/${service}/model.prisma does not exist: write the models first.`)
  })
  const scratch = await mkdtemp(join(tmpdir(), 'codai-migrate-'))
  await mkdir(join(folder, 'migrations'), { recursive: true })
  const lock = join(folder, 'migrations', 'migration_lock.toml')
  await writeFile(lock, 'provider = "postgresql"\n')
  await writeFile(
    join(scratch, 'schema.prisma'),
    `datasource db {\n  provider = "postgresql"\n  schemas  = ["${service}"]\n}\n\n${model}`,
  )
  const server = await startEmbeddedPostgres({ dataDir: join(scratch, 'postgres'), logger: silentLogger })
  const configFile = join(commands, `.prisma-${service}.config.mjs`)
  try {
    const shadowDatabaseUrl = new URL(server.url)
    shadowDatabaseUrl.pathname = '/template1'
    await writeFile(
      configFile,
      `export default ${JSON.stringify({ schema: join(scratch, 'schema.prisma'), datasource: { url: server.url, shadowDatabaseUrl: shadowDatabaseUrl.href } })}\n`,
    )
    const { stdout } = await promisify(execFile)(
      join(commands, 'node_modules/.bin/prisma'),
      [
        'migrate',
        'diff',
        '--config',
        configFile,
        '--from-migrations',
        join(folder, 'migrations'),
        '--to-schema',
        join(scratch, 'schema.prisma'),
        '--script',
      ],
      { cwd: commands, env: { ...process.env, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' } },
    )
    if (/empty migration/i.test(stdout)) {
      process.stdout.write(`${service}: the migrations already give what model.prisma says.\n`)
      return
    }
    const target = join(folder, 'migrations', `${timestamp(new Date())}_${name}`)
    await mkdir(target)
    await writeFile(join(target, 'migration.sql'), stdout)
    process.stdout.write(`Wrote ${join(target, 'migration.sql')}. Read it before you apply it.\n`)
  } finally {
    await server.stop()
    await rm(configFile, { force: true })
    await rm(lock, { force: true })
    await rm(scratch, { recursive: true, force: true })
  }
}
