import { Agent } from 'undici'
import type { Dispatcher } from 'undici'
import type { Cancellation } from '../cancellation.ts'
import { createBodies } from './body.ts'
import type { BodyLimits } from './body.ts'

/** What one request over HTTP was answered with. */
export type Received = { readonly text: string; readonly status: number }

export type Exchange = {
  /**
   * Sends JSON and reads the answer whole. Throws `OutOfTime`, `BodyTooLarge`, `Left` when it is cancelled, and an error
   * with a code where the connection fails.
   */
  readonly post: (request: PostRequest) => Promise<Received>
  /** Ends all connections; requests under way are cut. */
  readonly stop: () => Promise<void>
}

export type PostRequest = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly cancellation: Cancellation | undefined
}

/** No answer came within the time that there was. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime'
}

/** Nobody waits for the answer any more. */
export class Left extends Error {
  override readonly name = 'Left'
}

export type ExchangeOptions = {
  /** How long an answer may take, in milliseconds. */
  readonly budgetMs: number
  readonly limits: BodyLimits
  /** How many requests to one server may be under way. */
  readonly connections: number
}

type Address = { readonly origin: string; readonly path: string }

const LONGEST_IDLE_MS = 30_000

/**
 * Requests on connections that are kept alive. It takes undici's calls as they come: a stream for each answer, as
 * `request` makes it, costs as much again as the whole exchange.
 */
export const createExchange = ({ budgetMs, limits, connections }: ExchangeOptions): Exchange => {
  const agent = new Agent({ connections, keepAliveTimeout: LONGEST_IDLE_MS, connectTimeout: budgetMs })
  const beginBody = createBodies(limits)
  const addresses = new Map<string, Address>()

  const addressOf = (url: string): Address => {
    const known = addresses.get(url)
    if (known) return known
    const { origin, pathname, search } = new URL(url)
    const address = { origin, path: `${pathname}${search}` }
    addresses.set(url, address)
    return address
  }

  const post: Exchange['post'] = ({ url, headers, body, cancellation }) =>
    new Promise((resolve, reject) => {
      if (cancellation?.isCancelled()) return reject(new Left('nobody waits for the answer'))
      const received = beginBody()
      let controller: Dispatcher.DispatchController | undefined
      let status = 0
      let failure: Error | undefined

      const end = (): void => {
        clearTimeout(timer)
        stay?.()
        received.drop()
      }
      /** The first error is the cause of those that follow. */
      const fail = (error: Error): void => {
        if (failure) return
        failure = error
        end()
        controller?.abort(error)
        reject(error)
      }
      const timer = setTimeout(() => fail(new OutOfTime('no answer in its time')), budgetMs)
      const stay = cancellation?.onCancel(() => fail(new Left('nobody waits for the answer')))

      agent.dispatch(
        { ...addressOf(url), method: 'POST', headers, body },
        {
          onRequestStart: (started) => {
            controller = started
            if (failure) started.abort(failure)
          },
          onResponseStart: (_controller, statusCode) => {
            status = statusCode
          },
          onResponseData: (_controller, chunk) => received.add(chunk),
          onResponseEnd: () => {
            if (failure) return
            try {
              const text = received.text()
              end()
              resolve({ text, status })
            } catch (error) {
              fail(error as Error)
            }
          },
          onResponseError: (_controller, error) => fail(error),
        },
      )
    })

  return { post, stop: () => agent.destroy() }
}
