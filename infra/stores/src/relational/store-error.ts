export type StoreErrorCode =
  | 'PLATFORM_NOT_SUPPORTED'
  | 'DATA_FOLDER_IN_USE'
  | 'DATA_FOLDER_REFUSED'
  | 'STORE_START_FAILED'
  | 'STORE_UNREACHABLE'
  | 'MIGRATION_CHANGED'
  | 'MIGRATION_FAILED'
  | 'GROUP_ALREADY_SUBSCRIBED'
  | 'EVENTS_NOT_SETTLED'

/** A failure of a store that the person running the system can act on; the message says how. */
export class StoreError extends Error {
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StoreError'
    this.code = code
  }
}
