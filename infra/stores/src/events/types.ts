export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [field: string]: JsonValue | undefined }

/** An event to be told: what happened (`type`, such as `bancai.transferSettled`), to what (`key`), and its details. */
export type NewEvent = {
  type: string
  /** Events of one key are handled in the order of their commits. */
  key: string
  payload: JsonValue
}

export type PublishedEvent = {
  /** A ULID. */
  id: string
  type: string
  key: string
  /** As it came from the store: the handler checks it. */
  payload: unknown
  publishedAt: Date
}

/** A running transaction that an event can join: a Prisma client inside `$transaction`, or a handler's transaction. */
export type PublishTransaction = {
  $executeRaw(sql: TemplateStringsArray, ...values: unknown[]): PromiseLike<number>
}

/** The transaction in which a handler's effects become permanent together with the fact that the event was handled. */
export type HandlerTransaction = PublishTransaction & {
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>
}

export type Subscription = {
  /** Lets the running handler end and begins no other. */
  stop(): Promise<void>
}

export type DeadLetter = { event: PublishedEvent; error: string; attempts: number; failedAt: Date }

/** The event bus: what is published with a change that commits is handled once by each group; what does not commit never is. */
export type Events = {
  /** Publishes within the transaction of the change, and answers the event's id. */
  publish(transaction: PublishTransaction, event: NewEvent): Promise<string>
  /**
   * Hands each event of the given types to the group once, beginning with the oldest that is kept. Effects made through
   * the given transaction happen exactly once; others (calls to elsewhere) at least once. A handler that throws is tried
   * again, ever later; after the last attempt the event goes to the dead letters. Meanwhile other keys go on.
   * Any number of processes may subscribe one group: one of them works, the others stand by.
   * @throws StoreError GROUP_ALREADY_SUBSCRIBED when this bus has that group already
   */
  subscribe(subscription: {
    group: string
    types: readonly string[]
    handle: (event: PublishedEvent, transaction: HandlerTransaction) => Promise<void>
  }): Subscription
  /** What a group gave up, oldest first. */
  deadLetters(group: string): Promise<DeadLetter[]>
  /**
   * For tests: resolves when every running group has handled all that is committed, including what handlers published.
   * @throws StoreError EVENTS_NOT_SETTLED after the given time, by default 10 s
   */
  settled(options?: { timeoutMilliseconds?: number }): Promise<void>
  close(): Promise<void>
}
