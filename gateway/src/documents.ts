import { createHash } from 'node:crypto'
import { CodedError, beginSpan, codedError, traced } from '@codai/runtime'
import {
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  getOperationAST,
  parse,
  specifiedRules,
  validate,
} from 'graphql'
import type { DocumentNode } from 'graphql'
import { createCache } from './cache.ts'
import type { Cache } from './cache.ts'
import { conditionalRoot } from './conditional-root.ts'
import { deferRules } from './defer-rules.ts'
import type { Graph } from './graph/graph.ts'
import { LIMITS, exceededLimit } from './limits.ts'
import type { Operation } from './operation.ts'
import { validateInTurns } from './validation.ts'

export type OperationRequest = {
  readonly query: string
  readonly operationName?: string | null | undefined
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined
}

export type Documents = {
  /** Why a document is not even validated, if it is not. One that does not parse is left to the parser's report. */
  readonly refusal: (query: string) => CodedError | undefined
  /** Whether a document was asked for lately. */
  readonly isKnown: (query: string) => boolean
  /** Checks a document against a graph before it is prepared: a large one in turns with whatever else is to be done. */
  readonly check: (graph: Graph, query: string) => Promise<void>
  /** What was found of a document that was checked, and could be parsed. */
  readonly checked: (graph: Graph, query: string) => Valid | Invalid | undefined
  /** Parses and validates a request against a graph. */
  readonly prepare: (graph: Graph, request: OperationRequest) => Operation | readonly GraphQLError[]
}

const REMEMBERED_DOCUMENTS = 1_000

type Valid = { readonly document: DocumentNode; readonly hash: string }
type Invalid = { readonly document: DocumentNode; readonly errors: readonly GraphQLError[] }
type Checked = Valid | Invalid | { readonly errors: readonly GraphQLError[] }

/** Parses, measures and validates documents, each once per graph. */
export const createDocuments = ({ introspection }: { readonly introspection: boolean }): Documents => {
  const measured = createCache<Checked>(REMEMBERED_DOCUMENTS)
  const validated = new WeakMap<Graph, Cache<Checked>>()
  const rules = [...specifiedRules, ...deferRules, ...(introspection ? [] : [NoSchemaIntrospectionCustomRule])]

  const measure = (query: string): Checked => {
    const known = measured.get(query)
    if (known) return known
    const end = beginSpan('graphql.parse')
    const checked = parseAndMeasure(query)
    end('errors' in checked ? checked.errors[0] : undefined)
    measured.set(query, checked)
    return checked
  }

  const cacheOf = (graph: Graph): Cache<Checked> => {
    const cache = validated.get(graph) ?? createCache<Checked>(REMEMBERED_DOCUMENTS)
    validated.set(graph, cache)
    return cache
  }

  const checkAtOnce = (graph: Graph, query: string): Checked => {
    const cache = cacheOf(graph)
    const known = cache.get(query)
    if (known) return known
    const parsed = measure(query)
    if ('errors' in parsed) return parsed
    const checked = withErrors(parsed, validate(graph.schema, parsed.document, rules))
    cache.set(query, checked)
    return checked
  }

  const check = async (graph: Graph, query: string): Promise<void> => {
    const cache = cacheOf(graph)
    if (cache.get(query)) return
    const parsed = measure(query)
    if ('errors' in parsed) return
    const errors = await traced('graphql.validate', {}, () => validateInTurns(graph.schema, parsed.document, rules))
    cache.set(query, withErrors(parsed, errors))
  }

  return {
    refusal: (query) => {
      const checked = measure(query)
      return 'errors' in checked ? checked.errors.find((error) => error instanceof CodedError) : undefined
    },
    check,
    checked: (graph, query) => {
      const checked = cacheOf(graph).get(query)
      return checked && 'document' in checked ? checked : undefined
    },
    isKnown: (query) => measured.get(query) !== undefined,
    prepare: (graph, { query, operationName, variables }) => {
      const checked = checkAtOnce(graph, query)
      if ('errors' in checked) return checked.errors
      const { document, hash } = checked
      const node = getOperationAST(document, operationName)
      if (!node) return [unresolvedOperation(operationName)]
      const key = operationKey(hash, operationName)
      return { graph, document, node, operationName: operationName ?? undefined, variables: variables ?? {}, key }
    },
  }
}

const withErrors = (parsed: Valid, errors: readonly GraphQLError[]): Valid | Invalid =>
  errors.length > 0 ? { document: parsed.document, errors } : parsed

/** The key of an operation: the hash of its document's text, and its name where the client gave one. */
export const operationKey = (documentHash: string, operationName: string | null | undefined): string =>
  `${documentHash}:${operationName ?? ''}`

const parseAndMeasure = (query: string): Checked => {
  try {
    const document = parse(query, { maxTokens: LIMITS.tokens })
    const refusal = exceededLimit(document) ?? conditionalRoot(document)
    return refusal ? { errors: [refusal] } : { document, hash: createHash('sha256').update(query).digest('hex') }
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [error] }
    throw error
  }
}

/** OPERATION_RESOLUTION_FAILURE: the document has not exactly one operation that is meant. */
export const unresolvedOperation = (operationName: string | null | undefined): GraphQLError =>
  codedError(
    'OPERATION_RESOLUTION_FAILURE',
    operationName ? `The document has no operation named "${operationName}".` : 'Name the operation to run.',
  )
