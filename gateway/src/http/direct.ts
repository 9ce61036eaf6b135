import type { FastifyReply, FastifyRequest } from 'fastify'
import { OperationTypeNode } from 'graphql'
import type { Documents } from '../documents.ts'
import type { Graphs } from '../graph/graphs.ts'
import type { Call, Result } from '../operation.ts'
import type { Operations } from '../operations.ts'
import { stringifyResult, textOf } from '../written.ts'
import type { ReadCall } from './calls.ts'

export type DirectOptions = {
  readonly graphs: Graphs
  readonly documents: Documents
  readonly operations: Operations
  readonly readCall: ReadCall
}

/** What is known of a request that Apollo Server is to answer after all. */
export type Begun = { readonly call: Promise<Call>; readonly result?: Promise<Result> }

export type Direct = {
  /** The body of the answer; undefined where Apollo Server is to answer. Then nothing of it is done again. */
  readonly answer: (request: FastifyRequest, reply: FastifyReply) => Promise<Buffer | undefined>
  readonly begunOf: (request: FastifyRequest) => Begun | undefined
}

/** What a client sends that has nothing special to ask of the form of its answer. */
const PLAIN_ACCEPT = new Set([undefined, '*/*', 'application/json', 'application/json, */*'])

/**
 * Answers the requests that come most: an operation as JSON, with a document that was seen before, whose answer has no
 * errors. Apollo Server answers the same and takes a tenth of the whole time for it: for hooks that nobody has, and for
 * parsing what is known. All else, and every error, is left to it.
 */
export const createDirect = ({ graphs, documents, operations, readCall }: DirectOptions): Direct => {
  const begun = new WeakMap<FastifyRequest, Begun>()

  const answer: Direct['answer'] = async (request, reply) => {
    const asked = readPlain(request)
    if (!asked || !documents.isKnown(asked.query)) return undefined
    const reading = readCall(request, reply)
    begun.set(request, { call: reading })
    try {
      const call = await reading
      const operation = documents.prepare(graphs.current(), asked)
      if (!('node' in operation) || operation.node.operation === OperationTypeNode.SUBSCRIPTION) return undefined
      const running = operations.run(operation, call)
      begun.set(request, { call: reading, result: running })
      const { data, errors, extensions } = await running
      if (errors?.length || !data || textOf(data) === undefined) return undefined
      void reply.header('content-type', 'application/json; charset=utf-8')
      // As bytes: Fastify and Node would each make the text flat, or encode it, once more.
      return Buffer.from(stringifyResult({ data, ...(extensions && { extensions }) }))
    } catch {
      // Apollo Server meets the same error, and tells it.
      return undefined
    }
  }

  return { answer, begunOf: (request) => begun.get(request) }
}

type Asked = Parameters<Documents['prepare']>[1]

/** The operation of a request in the most simple form that there is. */
const readPlain = ({ method, headers, body }: FastifyRequest): Asked | undefined => {
  if (method !== 'POST' || !PLAIN_ACCEPT.has(headers.accept) || !isRecord(body)) return undefined
  const { query, operationName = null, variables = null, extensions = null } = body
  if (typeof query !== 'string' || query === '' || extensions !== null) return undefined
  if (operationName !== null && typeof operationName !== 'string') return undefined
  if (variables !== null && !isRecord(variables)) return undefined
  return { query, operationName, variables }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
