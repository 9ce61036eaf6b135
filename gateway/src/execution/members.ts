import { codedError } from '@codai/runtime'
import type { CodedError } from '@codai/runtime'
import { createEventStream } from '../event-stream.ts'
import type { EventStream } from '../event-stream.ts'
import type { GatewayMetrics } from '../metrics.ts'
import type { Call, Operation, Result } from '../operation.ts'
import { newestOfEach } from '../waiting.ts'
import { sizeOf } from './memory.ts'
import type { Item } from './memory.ts'

/** One client of a subscription. */
export type Member = {
  operation: Operation
  readonly call: Call
  readonly stream: EventStream<Item, Result>
  /** The number of the state it was told first: changes up to it are in that state. */
  after: number | undefined
}

export type MemberOptions = {
  readonly operation: Operation
  readonly call: Call
  readonly metrics: GatewayMetrics
  /** Lets a member begin anew that lost events; false where it cannot. */
  readonly restart: (member: Member) => boolean
  readonly onLeave: (member: Member) => void
}

/** How many events may wait for a client that reads slower than they come. */
export const WAITING_EVENTS = 1_000
/** And how many bytes of them. */
export const WAITING_BYTES = 16_000_000

/** A client with what waits for it. Where only the newest state counts, older ones do not wait. */
export const createMember = ({ operation, call, metrics, restart, onLeave }: MemberOptions): Member => {
  const overflow = (dropped: number): Error | undefined => {
    const canRestart = restart(member)
    metrics.eventsDropped(canRestart ? 'restarted' : 'ended', dropped)
    return canRestart ? undefined : tooSlow()
  }
  const stream = createEventStream<Item, Result>({
    waiting: newestOfEach({
      capacity: WAITING_EVENTS,
      room: { most: WAITING_BYTES, sizeOf },
      keyOf: ({ key }) => key,
      onReplaced: () => metrics.eventsDropped('replaced', 1),
    }),
    process: ({ result }) => result,
    overflow,
    onClose: () => onLeave(member),
  })
  const member: Member = { operation, call, stream, after: undefined }
  return member
}

/** Tells a member first what it missed. */
export const tellMissed = (member: Member, items: readonly Item[]): void => {
  for (const item of items) member.stream.push(item)
  member.after = items.at(-1)?.number
}

/** Tells a member what happens, but for what it knows already. */
export const tell = (member: Member, item: Item): void => {
  if (member.after !== undefined) {
    if (item.isChange && item.number !== undefined && item.number <= member.after) return
    member.after = undefined
  }
  member.stream.push(item)
}

const tooSlow = (): CodedError => {
  const message = `More than ${WAITING_EVENTS} events or ${WAITING_BYTES} bytes wait to be read; subscribe again and read faster.`
  return codedError('LIMIT_EXCEEDED', message)
}
