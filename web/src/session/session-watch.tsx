import { useEffect } from 'react'
import { useSubscription } from 'urql'
import { SessionRevokedDocument } from '../.generated/session.ts'
import type { SignOutReason } from '../client/session.ts'
import { useSession, useSignedIn } from '../client/provider.tsx'
import { useStore } from '../shared/hooks.ts'
import { useToasts } from '../design/toasts.tsx'

const explanations: Readonly<Record<Exclude<SignOutReason, null>, string>> = {
  SIGNED_OUT: 'You are signed out.',
  REVOKED: 'This session was ended from another device.',
  TOKEN_REUSED: 'For your safety this session was ended: its key was used twice. Please sign in again.',
  PASSWORD_CHANGED: 'The password was changed, so this session ended. Please sign in again.',
  EXPIRED: 'Your session has ended. Please sign in again.',
}

/** Ends the session here when it was ended elsewhere, and says why a session ended. */
export const SessionWatch = () => {
  const session = useSession()
  const signedIn = useSignedIn()
  const toasts = useToasts()
  const ended = useStore(session.endedBecause)
  const [{ data }] = useSubscription({ query: SessionRevokedDocument, pause: signedIn === null })
  const revoked = data?.sessionRevoked

  useEffect(() => {
    if (revoked?.current === true) session.end(revoked.revokedReason ?? 'REVOKED')
  }, [revoked, session])

  useEffect(() => {
    if (ended === null) return
    toasts.show(ended === 'SIGNED_OUT' ? 'done' : 'failed', explanations[ended])
  }, [ended, toasts])

  return null
}
