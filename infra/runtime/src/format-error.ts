import { GraphQLError, Kind } from 'graphql'
import type { GraphQLFormattedError } from 'graphql'
import { isErrorCode } from './errors.ts'
import type { ErrorCode } from './errors.ts'
import type { Logger } from './logs.ts'

export type FormatErrorInput = {
  /** The error as the server would send it. */
  readonly formatted: GraphQLFormattedError
  /** The error as it was thrown. */
  readonly error: unknown
  readonly logger: Logger
  readonly requestId?: string | undefined
  /** Adds the cause's message to masked errors: for development, never for production. */
  readonly exposeCause: boolean
}

/**
 * Decides what a client sees of an error: a code of the table passes, anything else is logged and masked.
 * The body of Apollo Server's `formatError(formatted, error)`, and the rule for errors that subgraphs answered.
 */
export const formatError = (input: FormatErrorInput): GraphQLFormattedError => {
  const { formatted, error, logger, requestId, exposeCause } = input
  const code = knownCode(formatted, error)
  if (code !== undefined) return { ...formatted, extensions: publicExtensions(formatted.extensions, code) }

  const cause = rootCause(error)
  logger.error({ err: cause, requestId, path: formatted.path }, 'a request failed on our side')
  return {
    message: 'Something went wrong on our side.',
    ...(formatted.locations && { locations: formatted.locations }),
    ...(formatted.path && { path: formatted.path }),
    extensions: {
      code: 'INTERNAL_SERVER_ERROR',
      ...(requestId !== undefined && { requestId }),
      ...(exposeCause && { cause: cause instanceof Error ? cause.message : formatted.message }),
    },
  }
}

const knownCode = (formatted: GraphQLFormattedError, error: unknown): ErrorCode | undefined => {
  const code = formatted.extensions?.code
  if (code === undefined) return codeOfRequestError(error)
  return isErrorCode(code) && code !== 'INTERNAL_SERVER_ERROR' ? code : undefined
}

/** graphql-js gives its own parse, validation and variable errors no code; transports other than Apollo meet them bare. */
const codeOfRequestError = (error: unknown): ErrorCode | undefined => {
  if (!(error instanceof GraphQLError) || error.path !== undefined) return undefined
  if (error.message.startsWith('Syntax Error: ')) return 'GRAPHQL_PARSE_FAILED'
  const node = error.nodes?.[0]
  if (node?.kind === Kind.VARIABLE_DEFINITION && error.message.startsWith('Variable "$')) return 'BAD_USER_INPUT'
  return node !== undefined && error.originalError === undefined ? 'GRAPHQL_VALIDATION_FAILED' : undefined
}

const publicExtensions = (
  extensions: GraphQLFormattedError['extensions'],
  code: ErrorCode,
): Record<string, unknown> => {
  const { stacktrace: _stacktrace, exception: _exception, ...rest } = extensions ?? {}
  return { ...rest, code }
}

const rootCause = (error: unknown): unknown =>
  error instanceof GraphQLError && error.originalError ? rootCause(error.originalError) : error
