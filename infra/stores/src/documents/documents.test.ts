import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '@codai/runtime'
import { afterAll, beforeAll, describe } from 'vitest'
import { documentsConformance } from './documents.conformance.ts'
import { startDocumentServer } from './server.ts'
import type { DocumentServer } from './server.ts'

describe('documents on the embedded server', () => {
  let server: DocumentServer | undefined
  let dataDir = ''
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'codai-documents-'))
    server = await startDocumentServer({ dataDir, logger: silentLogger })
  })
  afterAll(async () => {
    await server?.stop()
    await rm(dataDir, { recursive: true, force: true })
  })
  documentsConformance(() => server?.url ?? '')
})

const mongodbUrl = process.env['CODAI_TEST_MONGODB_URL'] ?? ''
describe.runIf(mongodbUrl !== '')('documents on MongoDB', () => {
  documentsConformance(() => mongodbUrl)
})
