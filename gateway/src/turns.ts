import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DocumentNode } from 'graphql'

/** To go through a document of so many characters once takes a millisecond or two. */
const SHORT = 5_000

/**
 * Whether a document is so long that others should have their turn between one look at all of it and the next: for
 * thousands of fields, all together would take longer than an event loop should stand.
 */
export const isLong = ({ loc }: DocumentNode): boolean => (loc?.end ?? 0) > SHORT

/** Lets others have their turn where a document is long. */
export const giveWay = async (document: DocumentNode): Promise<void> => {
  if (isLong(document)) await nextTurn()
}
