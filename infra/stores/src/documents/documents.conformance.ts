import { silentLogger } from '@codai/runtime'
import { afterAll, beforeAll } from 'vitest'
import { aggregationsConformance } from './conformance/aggregations.ts'
import { concurrencyConformance } from './conformance/concurrency.ts'
import { openContext } from './conformance/context.ts'
import type { ConformanceContext } from './conformance/context.ts'
import { indexesConformance } from './conformance/indexes.ts'
import { mongooseConformance } from './conformance/mongoose-models.ts'
import { queriesConformance } from './conformance/queries.ts'
import { updatesConformance } from './conformance/updates.ts'
import { valuesConformance } from './conformance/values.ts'

/**
 * What a service may rely on, whichever server is behind the address. It is written to pass on MongoDB 7; the embedded server
 * has to pass it too.
 */
export const documentsConformance = (urlOf: () => string): void => {
  let opened: Awaited<ReturnType<typeof openContext>> | undefined
  beforeAll(async () => {
    opened = await openContext(urlOf(), silentLogger)
  })
  afterAll(async () => {
    await opened?.close()
  })
  const current = (): ConformanceContext => {
    if (opened === undefined) throw new Error('The database is not open')
    return opened.context
  }
  const given: ConformanceContext = {
    documents: () => current().documents(),
    collection: () => current().collection(),
  }

  queriesConformance(given)
  updatesConformance(given)
  aggregationsConformance(given)
  indexesConformance(given)
  concurrencyConformance(given)
  mongooseConformance(given)
  valuesConformance(given)
}
