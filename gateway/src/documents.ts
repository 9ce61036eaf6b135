import { createHash } from 'node:crypto'
import { codedError } from '@codai/runtime'
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
import type { Graph } from './graph/graph.ts'
import { LIMITS, exceededLimit } from './limits.ts'
import type { Operation } from './operation.ts'

export type OperationRequest = {
  readonly query: string
  readonly operationName?: string | null | undefined
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined
}

export type Documents = {
  /** Why a document is too large to be looked at, if it is. Documents that do not parse are left to the parser's report. */
  readonly exceededLimit: (query: string) => GraphQLError | undefined
  /** Parses and validates a request against a graph. */
  readonly prepare: (graph: Graph, request: OperationRequest) => Operation | readonly GraphQLError[]
}

const REMEMBERED_DOCUMENTS = 1_000

type Checked = { readonly document: DocumentNode } | { readonly errors: readonly GraphQLError[] }

/** Parses, measures and validates documents, each once per graph. */
export const createDocuments = ({ introspection }: { readonly introspection: boolean }): Documents => {
  const measured = createCache<Checked>(REMEMBERED_DOCUMENTS)
  const validated = new WeakMap<Graph, Cache<Checked>>()
  const rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule]

  const measure = (query: string): Checked => {
    const known = measured.get(query)
    if (known) return known
    const checked = parseAndMeasure(query)
    measured.set(query, checked)
    return checked
  }

  const check = (graph: Graph, query: string): Checked => {
    const cache = validated.get(graph) ?? createCache<Checked>(REMEMBERED_DOCUMENTS)
    validated.set(graph, cache)
    const known = cache.get(query)
    if (known) return known
    const parsed = measure(query)
    if ('errors' in parsed) return parsed
    const errors = validate(graph.schema, parsed.document, rules)
    const checked = errors.length > 0 ? { errors } : parsed
    cache.set(query, checked)
    return checked
  }

  return {
    exceededLimit: (query) => {
      const checked = measure(query)
      if (!('errors' in checked)) return undefined
      return checked.errors.find(({ extensions }) => extensions.code === 'LIMIT_EXCEEDED')
    },
    prepare: (graph, { query, operationName, variables }) => {
      const checked = check(graph, query)
      if ('errors' in checked) return checked.errors
      const { document } = checked
      const node = getOperationAST(document, operationName)
      if (!node) return [unresolved(operationName)]
      const key = operationKey(createHash('sha256').update(query).digest('hex'), operationName)
      return { graph, document, node, operationName: operationName ?? undefined, variables: variables ?? {}, key }
    },
  }
}

/** The key of an operation: the hash of its document's text, and its name where the client gave one. */
export const operationKey = (documentHash: string, operationName: string | null | undefined): string =>
  `${documentHash}:${operationName ?? ''}`

const parseAndMeasure = (query: string): Checked => {
  try {
    const document = parse(query, { maxTokens: LIMITS.tokens })
    const tooLarge = exceededLimit(document)
    return tooLarge ? { errors: [tooLarge] } : { document }
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [error] }
    throw error
  }
}

const unresolved = (operationName: string | null | undefined): GraphQLError =>
  codedError(
    'OPERATION_RESOLUTION_FAILURE',
    operationName ? `The document has no operation named "${operationName}".` : 'Name the operation to run.',
  )
