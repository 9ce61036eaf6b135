import { setTimeout as pause } from 'node:timers/promises'
import { CircuitState, SamplingBreaker, bulkhead, circuitBreaker, handleWhen } from 'cockatiel'
import type { Cancellation } from '../cancellation.ts'

/** What keeps one subgraph's trouble from becoming that of all. */
export type Resilience = {
  /** Runs an exchange within the limits, and again where it may be repeated and the connection failed. */
  readonly run: <Value>(exchange: () => Promise<Value>, options: RunOptions) => Promise<Value>
  /** Whether requests are refused at once, because most of them failed lately. */
  readonly isOpen: () => boolean
}

export type RunOptions = {
  readonly isRead: boolean
  readonly cancellation: Cancellation | undefined
  /** Tells whether an error says that the subgraph is in trouble, and was not for example the client's leaving. */
  readonly isTrouble: (error: unknown) => boolean
  /** Tells whether trying again may help: not where all the time was used up. */
  readonly mayRetry: (error: unknown) => boolean
}

const CONCURRENT_REQUESTS = 512
const QUEUED_REQUESTS = 2_048
/** Half of at least fifty requests in ten seconds failed. */
const BREAKER = { threshold: 0.5, duration: 10_000, minimumRps: 5 }
const HALF_OPEN_AFTER_MS = 1_000
/** One repetition for every ten requests: more would hurt a subgraph that is already too busy. */
const RETRIES_PER_REQUEST = 0.1
const SAVED_RETRIES = 10
const RETRY_PAUSE_MS = 50

class Trouble extends Error {
  override readonly name = 'Trouble'
}

/** Protects one subgraph. `onChange` is called at once, and whenever it is cut off or asked again. */
export const createResilience = (onChange: (isCutOff: boolean) => void): Resilience => {
  const breaker = circuitBreaker(
    handleWhen((error) => error instanceof Trouble),
    { halfOpenAfter: HALF_OPEN_AFTER_MS, breaker: new SamplingBreaker(BREAKER) },
  )
  breaker.onStateChange((state) => onChange(state !== CircuitState.Closed))
  onChange(false)
  const compartment = bulkhead(CONCURRENT_REQUESTS, QUEUED_REQUESTS)
  let retries = SAVED_RETRIES

  const attempt = async <Value>(exchange: () => Promise<Value>, options: RunOptions): Promise<Value> => {
    const { isTrouble, cancellation } = options
    try {
      return await breaker.execute(async () => {
        try {
          return await exchange()
        } catch (error) {
          // One whose client left says nothing, and a breaker that tries must not take it for a success.
          const isLeft = breaker.state === CircuitState.HalfOpen && cancellation?.isCancelled()
          throw isLeft || isTrouble(error) ? new Trouble('the exchange failed', { cause: error }) : error
        }
      })
    } catch (error) {
      throw error instanceof Trouble ? error.cause : error
    }
  }

  return {
    // Half open, it lets one request through to see, and refuses all others.
    isOpen: () => breaker.state !== CircuitState.Closed,
    run: (exchange, options) =>
      compartment.execute(async () => {
        retries = Math.min(retries + RETRIES_PER_REQUEST, SAVED_RETRIES)
        try {
          return await attempt(exchange, options)
        } catch (error) {
          const { isRead, cancellation, mayRetry } = options
          if (!isRead || cancellation?.isCancelled() || retries < 1 || !mayRetry(error)) throw error
          retries -= 1
          await pause(RETRY_PAUSE_MS * (0.5 + Math.random()))
          return attempt(exchange, options)
        }
      }),
  }
}
