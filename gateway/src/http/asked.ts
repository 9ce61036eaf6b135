import type { FastifyRequest } from 'fastify'
import type { OperationRequest } from '../documents.ts'

/** The operation that a request asks for, where nothing is wrong with its form. */
export const readAsked = ({ method, body, query }: FastifyRequest): OperationRequest | undefined => {
  const given = method === 'GET' ? fromAddress(query) : body
  if (!isRecord(given)) return undefined
  const { query: text, operationName = null, variables = null } = given
  if (typeof text !== 'string' || text === '') return undefined
  if (operationName !== null && typeof operationName !== 'string') return undefined
  if (variables !== null && !isRecord(variables)) return undefined
  return { query: text, operationName, variables }
}

/** In an address, objects are JSON text. */
const fromAddress = (query: unknown): unknown => {
  if (!isRecord(query) || typeof query['variables'] !== 'string') return query
  try {
    return { ...query, variables: JSON.parse(query['variables']) as unknown }
  } catch {
    return undefined
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
