import { parentPort, workerData } from 'node:worker_threads'
import { Supergraph } from '@apollo/federation-internals'
import { parse } from 'graphql'
import { SUPPORTED_FEATURES } from '../graph/features.ts'
import { createPlanDocument } from '../graph/planner.ts'
import type { PlanReply, PlanRequest } from './planning.ts'

/** Plans in a thread of its own, so that requests are served meanwhile. In: a supergraph's text, then requests. */
const { sdl } = workerData as { readonly sdl: string }
const supergraph = Supergraph.build(sdl, { supportedFeatures: SUPPORTED_FEATURES })
const planDocument = createPlanDocument(supergraph, supergraph.apiSchema())

const planned = ({ id, query, operationName, overrides }: PlanRequest): PlanReply => {
  try {
    return { id, plan: planDocument(parse(query), operationName, overrides) }
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) }
  }
}

parentPort?.on('message', (request: PlanRequest) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(planned(request))
})
