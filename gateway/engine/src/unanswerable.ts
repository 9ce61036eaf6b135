/** An operation that fits the schema, and that no plan can answer: the message says which of its fields is at fault. */
export class UnanswerableError extends Error {
  override readonly name = 'UnanswerableError'
}
