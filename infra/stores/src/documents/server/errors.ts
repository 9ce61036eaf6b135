/** MongoDB's own error codes, by the names that its documentation gives them. */
export const CODES = {
  InternalError: 1,
  BadValue: 2,
  FailedToParse: 9,
  TypeMismatch: 14,
  IllegalOperation: 20,
  NamespaceNotFound: 26,
  IndexNotFound: 27,
  PathNotViable: 28,
  ConflictingUpdateOperators: 40,
  CursorNotFound: 43,
  NamespaceExists: 48,
  DollarPrefixedFieldName: 52,
  InvalidIdField: 53,
  CommandNotFound: 59,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  CommandNotSupported: 115,
  InvalidPipelineOperator: 168,
  BSONObjectTooLarge: 10334,
  DuplicateKey: 11000,
  Location16389: 16389,
  Location40324: 40324,
  Location40414: 40414,
  Location40415: 40415,
} as const

export type CodeName = keyof typeof CODES

/** An error that goes back to the client in MongoDB's form. */
export class DocumentServerError extends Error {
  override readonly name = 'DocumentServerError'
  readonly codeName: CodeName
  /** Further fields of the reply, such as `keyPattern` of a duplicate key. */
  readonly details: Readonly<Record<string, unknown>>

  constructor(codeName: CodeName, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.codeName = codeName
    this.details = details
  }

  get code(): number {
    return CODES[this.codeName]
  }
}

/** Makes the error to throw for a request that this server cannot serve. */
export const refuse = (
  codeName: CodeName,
  message: string,
  details?: Readonly<Record<string, unknown>>,
): DocumentServerError => new DocumentServerError(codeName, message, details)
