import { silentLogger } from '@codai/runtime'
import { expect, inject, test } from 'vitest'

import { openRelational } from './client.ts'
import { relationalConformance } from './relational.conformance.ts'

relationalConformance('embedded PostgreSQL', () => inject('postgresUrl'))

const realServer = inject('realPostgresUrl')
if (realServer !== undefined) relationalConformance('real PostgreSQL', () => realServer)

test('opening a store that is not there says which, and not its password', async () => {
  class Unused {
    async $disconnect(): Promise<void> {}
  }
  const opening = openRelational({
    url: 'postgresql://someone:hush@127.0.0.1:1/shop',
    Client: Unused,
    logger: silentLogger,
    applicationName: 'test',
  })
  await expect(opening).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
  await expect(opening).rejects.toThrow(/someone@127\.0\.0\.1:1\/shop.*ECONNREFUSED/s)
  await expect(opening).rejects.not.toThrow(/hush/)
})
