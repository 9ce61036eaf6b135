import { GraphQLError } from 'graphql'

type ErrorEntry = { readonly status: number; readonly meaning: string; readonly advice: string }

/** Every code a client can meet: its HTTP status, what it means, and what a client can do. ERRORS.md is this table. */
export const ERRORS = {
  UNAUTHENTICATED: {
    status: 401,
    meaning: 'The request needs a signed-in caller, or its credentials are not valid.',
    advice: 'Sign in, then repeat the request with the new access token.',
  },
  FORBIDDEN: {
    status: 403,
    meaning: 'The caller is known but may not do this.',
    advice: 'Ask for the missing role or scope, or act on something you own.',
  },
  NOT_FOUND: {
    status: 404,
    meaning: 'What the request names does not exist, or the caller may not know of it.',
    advice: 'Check the id; do not retry unchanged.',
  },
  BAD_USER_INPUT: {
    status: 400,
    meaning: 'An argument or variable has a value that is not accepted.',
    advice: 'Correct the value; `extensions.field` names it where one is at fault.',
  },
  CONFLICT: {
    status: 409,
    meaning: 'The state of the thing changed, or does not allow this step.',
    advice: 'Read the current state, then decide and try again.',
  },
  ALREADY_EXISTS: {
    status: 409,
    meaning: 'Something with the same unique name or key exists.',
    advice: 'Choose another name, or use the one that exists.',
  },
  RATE_LIMITED: {
    status: 429,
    meaning: 'Too many requests, or too much query cost, in the current window.',
    advice: 'Wait as long as `Retry-After` or `RateLimit-Reset` says, then retry.',
  },
  INSUFFICIENT_FUNDS: {
    status: 402,
    meaning: 'The account does not hold enough available money.',
    advice: 'Add money, or use a smaller amount.',
  },
  LIMIT_EXCEEDED: {
    status: 422,
    meaning: 'The request is larger than a limit allows (depth, cost, length, count).',
    advice: 'Ask for less at once; the message names the limit.',
  },
  PAYMENT_RULE_REFUSED: {
    status: 422,
    meaning: 'A rule of the wallet refused the payment.',
    advice: 'Change the payment or the rule; the message names the rule.',
  },
  INVALID_CREDENTIALS: {
    status: 401,
    meaning: 'The sign-in data is wrong.',
    advice: 'Check it and try again; repeated failures are rate limited.',
  },
  MFA_REQUIRED: {
    status: 401,
    meaning: 'A second factor is needed to finish signing in.',
    advice: 'Answer the challenge with a one-time code or a recovery code.',
  },
  TOKEN_EXPIRED: {
    status: 401,
    meaning: 'The token was valid and has ended.',
    advice: 'Refresh it, or sign in again.',
  },
  TOKEN_REUSED: {
    status: 401,
    meaning: 'A refresh token was used twice; its whole family is revoked.',
    advice: 'Sign in again; if you used it only once, change the password.',
  },
  SUBGRAPH_UNAVAILABLE: {
    status: 503,
    meaning: 'A service that owns part of the answer could not be reached; the other parts are present.',
    advice: 'Use the partial data, and retry the missing part later.',
  },
  TIMEOUT: {
    status: 504,
    meaning: 'The work did not finish in its time.',
    advice: 'Ask for less at once, or retry; repeat a mutation only with its idempotency key.',
  },
  UNAVAILABLE: {
    status: 503,
    meaning: 'Something the service depends on is out of reach.',
    advice: 'Retry with growing pauses.',
  },
  INTERNAL_SERVER_ERROR: {
    status: 500,
    meaning: 'A fault on our side; details are kept from the answer and logged.',
    advice: 'Retry once; when reporting it, give `extensions.requestId`.',
  },
  GRAPHQL_PARSE_FAILED: {
    status: 400,
    meaning: 'The document is not valid GraphQL syntax.',
    advice: 'Correct the document at the location given.',
  },
  GRAPHQL_VALIDATION_FAILED: {
    status: 400,
    meaning: 'The document does not fit the schema.',
    advice: 'Correct the document against the current schema.',
  },
  BAD_REQUEST: {
    status: 400,
    meaning: 'The HTTP request is malformed.',
    advice: 'Send a well-formed request with the documented headers.',
  },
  PERSISTED_QUERY_NOT_FOUND: {
    status: 404,
    meaning: 'No document is stored under this hash.',
    advice: 'Send the hash once together with the full document.',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    status: 400,
    meaning: 'This endpoint does not take persisted queries.',
    advice: 'Send the full document.',
  },
  OPERATION_RESOLUTION_FAILURE: {
    status: 400,
    meaning: 'The operation to run cannot be told from the document and `operationName`.',
    advice: 'Name one operation that the document has.',
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    meaning: 'The request body is larger than the server accepts.',
    advice: 'Send less at once.',
  },
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof ERRORS

/** Tells whether a value is a code of the table. */
export const isErrorCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(ERRORS, code)

/** The HTTP status of a code; 500 for one that the table does not know. */
export const errorStatus = (code: unknown): number => (isErrorCode(code) ? ERRORS[code].status : 500)

/** An error that a client can act on. Built by `codedError`. */
export class CodedError extends GraphQLError {
  override readonly name = 'CodedError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, { cause, ...extensions }: CodedErrorExtensions = {}) {
    super(message, { extensions: { ...extensions, code } })
    this.code = code
    if (cause !== undefined) this.cause = cause
  }
}

/** What goes with a coded error: `cause` is kept for the log, everything else reaches the client. */
export type CodedErrorExtensions = { readonly cause?: unknown; readonly [extension: string]: unknown }

/** An error with a code of the table and a message written for the client. */
export const codedError = (code: ErrorCode, message: string, extensions?: CodedErrorExtensions): CodedError =>
  new CodedError(code, message, extensions)

/** NOT_FOUND for a thing of the given type and key. */
export const notFound = (typeName: string, id: string): CodedError =>
  codedError('NOT_FOUND', `${typeName} "${id}" was not found.`, { typeName, id })

/** BAD_USER_INPUT; `field` names the argument at fault. */
export const badInput = (
  message: string,
  extensions?: CodedErrorExtensions & { readonly field?: string },
): CodedError => codedError('BAD_USER_INPUT', message, extensions)

/** FORBIDDEN with what is missing in words. */
export const forbidden = (message = 'You may not do this.'): CodedError => codedError('FORBIDDEN', message)

/** UNAUTHENTICATED: nobody is signed in, or the credentials are not valid. */
export const unauthenticated = (message = 'Sign in to do this.', cause?: unknown): CodedError =>
  codedError('UNAUTHENTICATED', message, { cause })
