import { monotonicFactory } from 'ulid'

/** Makes ids: ULIDs, so that ids sort by the time of their making, also within a millisecond of one process. */
export const createIdFactory = (): (() => string) => monotonicFactory()
