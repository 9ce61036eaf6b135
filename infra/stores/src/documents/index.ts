export { openDocuments } from './client.ts'
export type { Documents } from './client.ts'
export { startDocumentServer } from './server.ts'
export type { DocumentServer } from './server.ts'
