import { formatError } from '@codai/runtime'
import type { Logger } from '@codai/runtime'
import { GraphQLError } from 'graphql'
import type { GraphQLFormattedError } from 'graphql'

/** Turns an error into what a client may see of it; what it may not is logged under the request's id. */
export type ErrorFormatter = (
  error: unknown,
  requestId: string,
  formatted?: GraphQLFormattedError,
) => GraphQLFormattedError

export type ErrorFormatterOptions = {
  readonly logger: Logger
  /** Adds the cause's message to masked errors: for development, never for production. */
  readonly exposeCause: boolean
}

export const createErrorFormatter =
  ({ logger, exposeCause }: ErrorFormatterOptions): ErrorFormatter =>
  (error, requestId, formatted = toGraphqlError(error).toJSON()) => {
    const visible = formatError({ formatted, error, logger, requestId, exposeCause })
    const { http: _http, serviceName: _serviceName, ...extensions } = visible.extensions ?? {}
    const service = formatted.extensions?.['service']
    return { ...visible, extensions: { ...extensions, ...(typeof service === 'string' && { service }) } }
  }

/** Any thrown value as a GraphQL error, with what it was as its original. */
export const toGraphqlError = (error: unknown): GraphQLError => {
  if (error instanceof GraphQLError) return error
  const originalError = error instanceof Error ? error : new Error(String(error))
  return new GraphQLError(originalError.message, { originalError })
}
