import { GraphQLError, Kind, parse } from 'graphql'
import { badInput, codedError, notFound, requireId, requiredText } from '../_kit/index.ts'
import { lockOwnApp } from './apps.ts'
import type { TrustedOperationRecord } from './records.ts'
import { digestOf } from './secrets.ts'
import type { Store } from './store.ts'

const mostOperations = 500
const longestDocument = 20_000
const mostTokens = 10_000

/** Whether a document could be run at all. What it asks for is checked where it runs, against the graph of that moment. */
const requireDocument = (document: string): string => {
  const refuse = (why: string): Error => badInput(why, { field: 'document' })
  if (document.length > longestDocument || document.includes('\0')) {
    throw refuse(`A document has up to ${longestDocument} characters.`)
  }
  try {
    const { definitions } = parse(document, { maxTokens: mostTokens, noLocation: true })
    const operations = definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
    if (operations.length !== 1) throw refuse('A document holds exactly one operation.')
    return document
  } catch (error) {
    if (!(error instanceof GraphQLError) || error.extensions['code'] !== undefined) throw error
    throw refuse(error.message)
  }
}

/** Registers and removes the documents that keys run by their hash. */
export const createOperations = (options: { store: Store; newId: () => string; now: () => Date }) => {
  const { store, newId, now } = options

  return {
    /** Stores a document of an own app; one that is stored already stays as it is. LIMIT_EXCEEDED at the 501st. */
    registerOperation: (
      userId: string,
      input: { app: string; name: string; document: string },
    ): Promise<TrustedOperationRecord> => {
      const appId = requireId('DeveloperApp', input.app)
      const name = requiredText(input.name, 100, 'name')
      const document = requireDocument(input.document)
      const hash = digestOf(document)
      return store.transact(async (tx) => {
        await lockOwnApp(tx, userId, appId)
        const known = await tx.operationByHash(appId, hash)
        if (known?.name === name) return known
        if (known) throw codedError('ALREADY_EXISTS', `This document is registered as "${known.name}".`)
        if ((await tx.countOperations(appId)) >= mostOperations) {
          throw codedError('LIMIT_EXCEEDED', `An app has at most ${mostOperations} operations.`)
        }
        const operation = { id: newId(), appId, name, document, hash, createdAt: now() }
        await tx.insertOperation(operation)
        return operation
      })
    },

    /** Removes a stored document of an own app. */
    removeOperation: (userId: string, operationId: string): Promise<TrustedOperationRecord> => {
      const id = requireId('TrustedOperation', operationId)
      return store.transact(async (tx) => {
        const found = await tx.operation(id)
        const app = found && (await tx.lockApp(found.appId))
        if (!found || app?.ownerId !== userId) throw notFound('TrustedOperation', id)
        await tx.deleteOperation(id)
        return found
      })
    },
  }
}
