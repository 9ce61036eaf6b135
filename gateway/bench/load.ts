import autocannon from 'autocannon'
import { BENCH_QUERY } from './graph.ts'

export const CONNECTIONS = 50

export type LoadOptions = {
  readonly url: string
  /** How many requests; they end when the last is answered. */
  readonly amount: number
  /** The Authorization of the next request; requests have none without it. */
  readonly authorization?: (() => string) | undefined
  /** What every answer must be, to the byte. */
  readonly answer?: string | undefined
}

export type Load = {
  readonly requestsPerSecond: number
  /** Latencies, in milliseconds. */
  readonly p50: number
  readonly p99: number
}

const REQUEST = { method: 'POST', headers: { 'content-type': 'application/json' } } as const
const BODY = JSON.stringify({ query: BENCH_QUERY })

/** Asks a gateway on fifty connections, on each as soon as it was answered. Throws where an answer is not as it must be. */
export const load = async ({ url, amount, authorization, answer }: LoadOptions): Promise<Load> => {
  const startedAt = performance.now()
  let answeredAt = startedAt
  const options: autocannon.Options = {
    ...REQUEST,
    url,
    body: BODY,
    connections: CONNECTIONS,
    amount,
    // Plain @apollo/gateway keeps fifty connections waiting for seconds.
    timeout: 60,
    ...(authorization && {
      requests: [
        {
          ...REQUEST,
          body: BODY,
          setupRequest: (request) => ({ ...request, headers: { ...REQUEST.headers, authorization: authorization() } }),
        },
      ],
    }),
    ...(answer !== undefined && { verifyBody: (body) => String(body) === answer }),
  }
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const running = autocannon(options, (error, result) => (error ? reject(error) : resolve(result)))
    // It looks only once a second whether it is done.
    running.on('response', () => {
      answeredAt = performance.now()
    })
  })
  const seconds = (answeredAt - startedAt) / 1000
  const { non2xx, errors, mismatches, latency } = result
  if (non2xx + errors + mismatches > 0) {
    throw new Error(`${url}: ${non2xx} refused, ${errors} failed, ${mismatches} answered otherwise`)
  }
  return { requestsPerSecond: amount / seconds, p50: latency.p50, p99: latency.p99 }
}

/** One answer to the operation of the benchmark, without an Authorization. */
export const askOnce = async (url: string): Promise<string> => {
  const response = await fetch(url, { ...REQUEST, body: BODY })
  const text = await response.text()
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 500)}`)
  return text
}
