import { useEffect, useState } from 'react'

/** How a service does, as the gateway sees it. */
export type Readiness = { readonly ready: boolean; readonly latencyMs?: number; readonly error?: string }

/** What is known of all services; `unreachable` when the gateway itself does not answer. */
export type AllReadiness =
  | { readonly state: 'loading' }
  | { readonly state: 'unreachable' }
  | { readonly state: 'known'; readonly services: Readonly<Record<string, Readiness>> }

const everyMs = 5_000

const ask = async (signal: AbortSignal): Promise<AllReadiness> => {
  const response = await fetch('/health/services', { headers: { accept: 'application/json' }, signal })
  if (!response.ok) return { state: 'unreachable' }
  return { state: 'known', services: (await response.json()) as Record<string, Readiness> }
}

/** Asks the gateway again and again, while the page is in sight, how the services do. */
export const useReadiness = (): AllReadiness => {
  const [readiness, setReadiness] = useState<AllReadiness>({ state: 'loading' })
  useEffect(() => {
    const abort = new AbortController()
    const poll = async (): Promise<void> => {
      if (document.hidden) return
      try {
        setReadiness(await ask(abort.signal))
      } catch {
        if (!abort.signal.aborted) setReadiness({ state: 'unreachable' })
      }
    }
    const now = (): void => void poll()
    now()
    const timer = setInterval(now, everyMs)
    document.addEventListener('visibilitychange', now)
    return () => {
      abort.abort()
      clearInterval(timer)
      document.removeEventListener('visibilitychange', now)
    }
  }, [])
  return readiness
}
