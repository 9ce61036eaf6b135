import Negotiator from 'negotiator'
import { createCache } from '../cache.ts'

/** How an operation with several answers may travel: as events (SSE), or as parts of one body (multipart). */
export type Streaming = 'events' | 'parts'

/** What a client takes as an answer. */
export type Accepted = {
  /** Nothing but events, whatever it asks. */
  readonly onlyEvents: boolean
  /** The first kind of stream that it takes for a subscription. */
  readonly subscription: Streaming | undefined
  /** The first kind of stream that it takes for an answer of which parts are deferred. */
  readonly deferred: Streaming | undefined
  /** The content type of an answer in one body; undefined where it takes none that there is. */
  readonly whole: string | undefined
}

/** Reads an Accept header. */
export type ReadAccept = (header: string | undefined) => Accepted

const REMEMBERED_HEADERS = 200

/** Reads each header once, of which there are as many as there are kinds of clients. */
export const createReadAccept = (): ReadAccept => {
  const remembered = createCache<Accepted>(REMEMBERED_HEADERS)
  return (header = '') => {
    const known = remembered.get(header)
    if (known) return known
    const accepted = readAccept(header)
    remembered.set(header, accepted)
    return accepted
  }
}

const readAccept = (header: string): Accepted => {
  const types = typesOf(header)
  return {
    onlyEvents: types.length > 0 && types.every(({ type }) => type === EVENTS),
    subscription: streamFor(types, SUBSCRIPTION_SPEC),
    deferred: streamFor(types, DEFER_SPEC),
    whole: wholeType(header),
  }
}

export const SUBSCRIPTION_SPEC = { name: 'subscriptionSpec', value: '1.0' } as const
export const DEFER_SPEC = { name: 'deferSpec', value: '20220824' } as const

type Specification = typeof SUBSCRIPTION_SPEC | typeof DEFER_SPEC

const EVENTS = 'text/event-stream'
const PARTS = 'multipart/mixed'

const streamFor = (types: readonly AcceptedType[], { name, value }: Specification): Streaming | undefined => {
  for (const { type, parameters } of types) {
    if (type === EVENTS) return 'events'
    if (type !== PARTS) continue
    // Clients that name no specification (urql) read what the two of Apollo say; those that name others do not.
    const namesOne = [...parameters.keys()].some((parameter) => parameter.endsWith('spec'))
    if (!namesOne || parameters.get(name.toLowerCase()) === value) return 'parts'
  }
  return undefined
}

const JSON_TYPE = 'application/json; charset=utf-8'
const WHOLE_TYPES = [
  JSON_TYPE,
  'application/graphql-response+json; charset=utf-8',
  'application/json; callbackSpec=1.0; charset=utf-8',
]

/** As Apollo Server chooses it, by the same library. */
const wholeType = (accept: string): string | undefined =>
  accept === '' ? JSON_TYPE : new Negotiator({ headers: { accept } }).mediaType(WHOLE_TYPES)

type AcceptedType = { readonly type: string; readonly parameters: ReadonlyMap<string, string> }

/** All types of a header, the most wanted first. What it does not want (`q=0`) is left out. */
const typesOf = (header: string): readonly AcceptedType[] => {
  const entries = (header.match(ENTRY) ?? []).flatMap((entry) => {
    const [type = '', ...rest] = entry.match(PART) ?? []
    const parameters = new Map(rest.flatMap(readParameter))
    const quality = Number(parameters.get('q') ?? 1)
    return type.trim() !== '' && quality > 0 ? [{ type: type.trim().toLowerCase(), parameters, quality }] : []
  })
  return entries.sort((one, other) => other.quality - one.quality)
}

/** Between commas, and between semicolons, that are not quoted. */
const ENTRY = /(?:"(?:[^"\\]|\\.)*"|[^,"])+/g
const PART = /(?:"(?:[^"\\]|\\.)*"|[^;"])+/g

const readParameter = (text: string): readonly (readonly [string, string])[] => {
  const at = text.indexOf('=')
  if (at < 0) return []
  const value = text.slice(at + 1).trim()
  return [[text.slice(0, at).trim().toLowerCase(), value.startsWith('"') ? value.slice(1, -1) : value]]
}
