import { silentLogger } from '@codai/runtime'
import { startDocumentServer } from './server.ts'

/** A document server in a process of its own, for tests that kill it. Says its address on the first line. */
const [dataDir = ''] = process.argv.slice(2)
const { url } = await startDocumentServer({ dataDir, logger: silentLogger })
process.stdout.write(`${url}\n`)
