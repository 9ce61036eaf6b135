import { useEffect, useState } from 'react'
import { useLiveState } from '../client/provider.tsx'

/** Says calmly when live updates are away, and for a moment that they are back. */
export const LiveBanner = () => {
  const state = useLiveState()
  const [returned, setReturned] = useState(false)
  const [before, setBefore] = useState(state)
  if (state !== before) {
    setBefore(state)
    setReturned(before === 'paused' && state === 'live')
  }
  useEffect(() => {
    if (!returned) return undefined
    const timer = setTimeout(() => setReturned(false), 3_000)
    return () => clearTimeout(timer)
  }, [returned])
  return (
    <output aria-label="Live updates" className="block">
      {state === 'paused' && (
        <span className="bg-warn-soft text-warn animate-fade block px-4 py-1.5 text-center text-sm">
          Live updates are paused, reconnecting…
        </span>
      )}
      {returned && (
        <span className="bg-up-soft text-up animate-fade block px-4 py-1.5 text-center text-sm">Live again</span>
      )}
    </output>
  )
}
