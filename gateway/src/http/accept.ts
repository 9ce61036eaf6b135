/** A kind of answer that a client takes. */
export type Accepted = { readonly type: string; readonly parameters: ReadonlyMap<string, string> }

/** Reads an Accept header: what it takes, the most wanted first. What it does not want (`q=0`) is left out. */
export const readAccept = (header: string | undefined): readonly Accepted[] => {
  const entries = (header?.match(ENTRY) ?? []).flatMap((entry) => {
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

/** How an operation with several answers may travel: as events (SSE), or as parts of one body (multipart). */
export type Streaming = 'events' | 'parts'

/** The first kind of stream that a client takes for a subscription, or for an answer of which parts are deferred. */
export const acceptedStream = (
  accepted: readonly Accepted[],
  kind: 'subscription' | 'deferred',
): Streaming | undefined => {
  for (const { type, parameters } of accepted) {
    if (type === 'text/event-stream') return 'events'
    if (type !== 'multipart/mixed') continue
    const subscriptionSpec = parameters.get('subscriptionspec')
    const deferSpec = parameters.get('deferspec')
    // Clients that name no specification (urql) read what the two of Apollo say.
    if (subscriptionSpec === undefined && deferSpec === undefined) return 'parts'
    if (kind === 'subscription' ? subscriptionSpec === SUBSCRIPTION_SPEC : deferSpec === DEFER_SPEC) return 'parts'
  }
  return undefined
}

/** Tells whether a client takes any stream, if perhaps not for what it asks. */
export const acceptsStreams = (accepted: readonly Accepted[]): boolean =>
  accepted.some(({ type }) => type === 'text/event-stream' || type === 'multipart/mixed')

/** Tells whether a client takes nothing but events, whatever it asks. */
export const acceptsOnlyEvents = (accepted: readonly Accepted[]): boolean =>
  accepted.length > 0 && accepted.every(({ type }) => type === 'text/event-stream')

export const SUBSCRIPTION_SPEC = '1.0'
export const DEFER_SPEC = '20220824'
