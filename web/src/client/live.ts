import { createClient } from 'graphql-ws'
import type { FormattedExecutionResult, Sink, SubscribePayload } from 'graphql-ws'
import { createStore } from '../shared/store.ts'
import type { Store } from '../shared/store.ts'
import type { Session } from './session.ts'

/** How the live connection does. `idle`: nothing is subscribed to, so there is none. */
export type LiveState = 'idle' | 'connecting' | 'live' | 'paused'

/** An event of a subscription. */
export type LiveResult = FormattedExecutionResult<Record<string, unknown>, unknown>

/** The connection on which events arrive. */
export type Live = {
  readonly state: Store<LiveState>
  /** Subscribes until the returned function is called. Lost connections are taken up again without the sink noticing. */
  readonly subscribe: (request: SubscribePayload, sink: Sink<LiveResult>) => () => void
  /** Calls back each time that the connection is there again after it was lost: what happened between was missed. */
  readonly onResumed: (listener: () => void) => () => void
  /** Closes the connection for good. */
  readonly close: () => void
}

/** Where the page's own gateway takes live connections. */
export const liveUrl = (): string => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`

const backoffMs = [300, 700, 1_500, 3_000, 6_000, 10_000]

// A reconnection that takes no longer than this is not worth a word to the person.
const calmMs = 1_500

const wait = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
  })

const isUnauthorized = (error: unknown): boolean => {
  if (error instanceof CloseEvent) return error.code === 4401 || error.code === 4403
  if (!Array.isArray(error)) return false
  return error.some((part: { extensions?: { code?: unknown } }) => part.extensions?.code === 'TOKEN_EXPIRED')
}

/** Opens a connection that is made when the first subscription needs it and closed after the last. */
export const openLive = (session: Session, url: string): Live => {
  const state = createStore<LiveState>('idle')
  const resumed = new Set<() => void>()
  let lost = false
  let closed = false
  let sent: string | null = null
  let refused: string | undefined
  let pausing: ReturnType<typeof setTimeout> | undefined

  const become = (next: LiveState): void => {
    clearTimeout(pausing)
    pausing = undefined
    state.set(next)
  }

  const client = createClient({
    url,
    lazy: true,
    lazyCloseTimeout: 3_000,
    keepAlive: 12_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: (retries) =>
      wait((backoffMs[Math.min(retries, backoffMs.length - 1)] ?? 0) * (0.75 + Math.random() / 2)),
    connectionParams: async () => {
      // Without network the old token has to do: the gateway refuses it when it is back, and then it is renewed.
      sent = await session.accessToken(refused).catch(() => session.signedIn.get()?.accessToken ?? null)
      return sent === null ? {} : { authorization: `Bearer ${sent}` }
    },
    on: {
      connecting: () => {
        if (state.get() === 'idle') become('connecting')
      },
      connected: () => {
        become('live')
        if (!lost) return
        lost = false
        for (const listener of resumed) listener()
      },
      closed: (event) => {
        if (closed) return
        if (event instanceof CloseEvent && event.code === 1000) {
          become('idle')
          return
        }
        lost = true
        if (isUnauthorized(event)) refused = sent ?? undefined
        pausing ??= setTimeout(() => become('paused'), calmMs)
      },
    },
  })

  // A token that is renewed replaces the connection that stands on the old one, before the gateway ends it.
  const stopWatching = session.signedIn.subscribe(() => {
    if (state.get() === 'live' && session.signedIn.get() !== null) client.terminate()
  })

  const subscribe: Live['subscribe'] = (request, sink) => {
    let stopped = false
    let failures = 0
    let stop = (): void => undefined
    const beginAgain = async (): Promise<void> => {
      await wait(backoffMs[Math.min(failures, backoffMs.length - 1)] ?? 0)
      failures += 1
      await session.accessToken(refused).catch(() => null)
      if (!stopped) begin()
    }
    const begin = (): void => {
      stop = client.subscribe(request, {
        next: (result) => {
          failures = 0
          sink.next(result)
        },
        complete: () => {
          if (!stopped) sink.complete()
        },
        error: (error) => {
          if (stopped) return
          if (!isUnauthorized(error) || sent === null) {
            sink.error(error)
            return
          }
          refused = sent
          void beginAgain()
        },
      })
    }
    begin()
    return () => {
      stopped = true
      stop()
    }
  }

  return {
    state,
    subscribe,
    onResumed(listener) {
      resumed.add(listener)
      return () => resumed.delete(listener)
    },
    close() {
      closed = true
      stopWatching()
      become('idle')
      void client.dispose()
    },
  }
}
