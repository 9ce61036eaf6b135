import { readFile, stat } from 'node:fs/promises'
import { buildSchema } from 'graphql'
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql'
import { codedError } from '@codai/runtime'
import type { DelegationSigner } from '@codai/runtime'

/** An operation of the whole graph, with its variables. */
export type GraphOperation = { document: string; variables: Readonly<Record<string, unknown>> }

/** For whom an operation is run, and how long it may take. */
export type GraphCaller = {
  userId: string
  /** What the person was allowed to be when the service was asked to act. */
  roles: readonly string[]
  timeoutMs: number
  requestId?: string
  /** Ends the call before its time. */
  signal?: AbortSignal
}

/** What the graph answered. */
export type GraphAnswer = {
  data: Readonly<Record<string, unknown>> | null
  errors: readonly GraphQLFormattedError[]
}

/** The whole graph, as a client of the gateway meets it. */
export type Graph = {
  /** The schema that clients see, as it is now. */
  schema(): Promise<GraphQLSchema>
  /**
   * Runs an operation with a person's rights. Throws TIMEOUT when it takes too long and UNAVAILABLE when the gateway does
   * not answer; what the graph itself says is in the answer.
   */
  run(operation: GraphOperation, caller: GraphCaller): Promise<GraphAnswer>
}

// Longer than any call may take, so that no token ends on the way.
const tokenLifeSeconds = 120

/** Reads a schema's file again whenever it was written anew. */
const createSchemaReader = (file: string): (() => Promise<GraphQLSchema>) => {
  let known: { readonly mtimeMs: number; readonly schema: GraphQLSchema } | undefined
  return async () => {
    const { mtimeMs } = await stat(file)
    if (known?.mtimeMs !== mtimeMs) known = { mtimeMs, schema: buildSchema(await readFile(file, 'utf8')) }
    return known.schema
  }
}

/** The graph behind the gateway at `url`. `schemaFile` is the API schema that composition wrote. */
export const createGraph = (options: { url: string; schemaFile: string; signer: DelegationSigner }): Graph => {
  const { url, schemaFile, signer } = options
  return {
    schema: createSchemaReader(schemaFile),

    run: async ({ document, variables }, { userId, roles, timeoutMs, requestId, signal }) => {
      const timeout = AbortSignal.timeout(timeoutMs)
      try {
        const response = await fetch(`${url}/graphql`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            accept: 'application/graphql-response+json, application/json',
            authorization: `Bearer ${await signer.sign({ userId, roles }, tokenLifeSeconds)}`,
            ...(requestId !== undefined && { 'x-request-id': requestId }),
          },
          body: JSON.stringify({ query: document, variables }),
          signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        })
        // An answer that is no GraphQL answer, as of a proxy, is a gateway that is not there.
        const { data, errors } = (await response.json()) as Partial<GraphAnswer>
        if (data === undefined && errors === undefined) throw new Error(`HTTP ${response.status}`)
        return { data: data ?? null, errors: errors ?? [] }
      } catch (cause) {
        signal?.throwIfAborted()
        if (timeout.aborted) throw codedError('TIMEOUT', `The graph did not answer within ${timeoutMs} ms.`, { cause })
        throw codedError('UNAVAILABLE', 'The graph is not answering. Try again in a moment.', { cause })
      }
    },
  }
}
