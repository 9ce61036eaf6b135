import { createContext, useContext, useEffect, useEffectEvent, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { Provider } from 'urql'
import { useStore } from '../shared/hooks.ts'
import { createGraphClient } from './client.ts'
import type { GraphClient } from './client.ts'
import type { Live, LiveState } from './live.ts'
import type { Session, SignedIn } from './session.ts'

const SessionContext = createContext<Session | null>(null)
const LiveContext = createContext<Live | null>(null)

const required = <T,>(value: T | null): T => {
  if (value === null) throw new Error('This component has to stand inside of GraphProvider')
  return value
}

/** Gives all below it the session and a client of the graph; a new client whenever another person is signed in. */
export const GraphProvider = ({ session, children }: { session: Session; children: ReactNode }) => {
  const userId = useStore(session.signedIn)?.userId ?? null
  const [graph, setGraph] = useState<{ readonly userId: string | null; readonly of: GraphClient }>(() => ({
    userId,
    of: createGraphClient(session),
  }))
  if (graph.userId !== userId) setGraph({ userId, of: createGraphClient(session) })
  const shown = useRef(graph.of)
  useEffect(() => {
    if (shown.current !== graph.of) shown.current.close()
    shown.current = graph.of
  }, [graph])
  return (
    <SessionContext value={session}>
      <LiveContext value={graph.of.live}>
        <Provider value={graph.of.client}>{children}</Provider>
      </LiveContext>
    </SessionContext>
  )
}

/** The session of this browser. */
export const useSession = (): Session => required(useContext(SessionContext))

/** Who is signed in; null for nobody. */
export const useSignedIn = (): SignedIn | null => useStore(useSession().signedIn)

/** The live connection. */
export const useLive = (): Live => required(useContext(LiveContext))

/** How the live connection does. */
export const useLiveState = (): LiveState => {
  const { state } = useLive()
  return useStore(state)
}

/** Calls back when live updates are there again after a pause. */
export const useResumed = (listener: () => void): void => {
  const live = useLive()
  const resumed = useEffectEvent(listener)
  useEffect(() => live.onResumed(() => resumed()), [live])
}
