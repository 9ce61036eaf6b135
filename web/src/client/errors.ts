/** What the page tells a person about something that went wrong. */
export type Explained = {
  /** The code of the table of errors, or NETWORK. */
  readonly code: string
  /** One sentence or two in plain words: what happened, and what can be done. */
  readonly message: string
  /** The input field that is meant, when the service named one. */
  readonly field?: string
  /** What a person can quote when asking for help. */
  readonly requestId?: string
}

type GraphQLErrorLike = { readonly message: string; readonly extensions?: Record<string, unknown> | undefined }

/** The part of urql's CombinedError that matters here. */
export type ErrorLike = {
  readonly message?: string
  readonly networkError?: unknown
  readonly graphQLErrors?: readonly GraphQLErrorLike[]
}

// Where the service's own sentence says more than we could, it is shown as it is.
const words: Readonly<Record<string, string | ((error: GraphQLErrorLike) => string)>> = {
  NETWORK: 'Codai cannot be reached. Please check your connection.',
  UNAUTHENTICATED: 'Please sign in to do this.',
  TOKEN_EXPIRED: 'Your session has ended. Please sign in again.',
  TOKEN_REUSED: 'For your safety this session was ended. Please sign in again.',
  INVALID_CREDENTIALS: 'That handle and password do not belong together.',
  MFA_REQUIRED: 'This needs a code from your authenticator app.',
  FORBIDDEN: (error) => error.message || 'You may not do this.',
  NOT_FOUND: (error) => error.message || 'It is not there any more.',
  BAD_USER_INPUT: (error) => error.message,
  CONFLICT: (error) => error.message,
  ALREADY_EXISTS: (error) => error.message,
  RATE_LIMITED: (error) => {
    const seconds = error.extensions?.['retryAfterSeconds']
    if (typeof seconds !== 'number') return 'That was too often. Please wait a moment and try again.'
    return `That was too often. Please try again in ${seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`}.`
  },
  INSUFFICIENT_FUNDS: 'There is not enough money available for this.',
  LIMIT_EXCEEDED: (error) => error.message,
  PAYMENT_RULE_REFUSED: (error) => error.message,
  SUBGRAPH_UNAVAILABLE: 'This part of Codai is not answering right now. The rest works; please try again soon.',
  TIMEOUT: 'That took too long. Please try again.',
  UNAVAILABLE: 'Codai is not ready right now. Please try again soon.',
  PAYLOAD_TOO_LARGE: 'That is too much at once.',
}

const unknown = 'Something went wrong on our side. Please try again.'

const optional = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** Puts an error of an operation into words for people, by its code. Nothing technical comes through unasked. */
export const explain = (error: ErrorLike): Explained => {
  const [first] = error.graphQLErrors ?? []
  const code = optional(first?.extensions?.['code']) ?? (first === undefined ? 'NETWORK' : 'INTERNAL_SERVER_ERROR')
  const found = words[code] ?? unknown
  const spoken = typeof found === 'function' && first !== undefined ? found(first) : found
  const field = optional(first?.extensions?.['field'])
  const requestId = optional(first?.extensions?.['requestId'])
  return {
    code,
    message: typeof spoken === 'string' && spoken !== '' ? spoken : unknown,
    ...(field === undefined ? {} : { field }),
    ...(requestId === undefined ? {} : { requestId }),
  }
}

/** The codes of an error's parts. */
export const codesOf = (error: ErrorLike): readonly string[] =>
  (error.graphQLErrors ?? []).map((part) => optional(part.extensions?.['code']) ?? 'INTERNAL_SERVER_ERROR')
