import { openSession, RefreshRefused } from './session.ts'
import type { Session, TokenPair } from './session.ts'

const renewal = /* GraphQL */ `
  mutation Refresh($refreshToken: String!) {
    refresh(refreshToken: $refreshToken) {
      accessToken
      accessTokenExpiresAt
      refreshToken
      user {
        id
        handle
      }
    }
  }
`

type RenewalAnswer = {
  readonly data?: { readonly refresh?: TokenPair | null } | null
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[]
}

// These leave the session as it is: the next try may well succeed.
const passing = new Set(['RATE_LIMITED', 'SUBGRAPH_UNAVAILABLE', 'TIMEOUT', 'UNAVAILABLE', 'INTERNAL_SERVER_ERROR'])

const renew = async (refreshToken: string): Promise<TokenPair> => {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query: renewal, variables: { refreshToken }, operationName: 'Refresh' }),
  })
  const answer = (await response.json()) as RenewalAnswer
  if (answer.data?.refresh) return answer.data.refresh
  const code = answer.errors?.[0]?.extensions?.code ?? 'INTERNAL_SERVER_ERROR'
  if (passing.has(code)) throw new Error(`The session could not be renewed now: ${code}`)
  throw new RefreshRefused(code)
}

/**
 * Opens the session of this browser. Both tokens are kept in localStorage: reloads and tabs share one session, and a
 * page that is loaded twice in quick succession does not use up a refresh token whose answer nobody reads. A script
 * that could read the access token there could read the refresh token too, so keeping only one of them in memory would
 * not protect anything; what protects them is a content security policy without foreign scripts, and rotation, which
 * ends the session when a stolen refresh token is used.
 */
export const openBrowserSession = (): Session => {
  const session = openSession({
    storage: localStorage,
    now: () => Date.now(),
    renew,
    // Only secure contexts have locks; elsewhere a renewal is still one for each tab.
    exclusively: (task) => ('locks' in navigator ? navigator.locks.request('codai.session', task) : task()),
  })
  addEventListener('storage', (event) => {
    if (event.key === null || event.key === 'codai.session') session.reload()
  })
  return session
}
