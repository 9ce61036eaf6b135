import { SignInDocument } from '../.generated/session.ts'
import type { Action } from '../client/use-action.ts'
import { useAction } from '../client/use-action.ts'
import type { TokenPair } from '../client/session.ts'

/** Where a sign-in leads. */
export type SignInOutcome = {
  readonly onSignedIn: (pair: TokenPair) => void
  /** The account has a second factor. */
  readonly onChallenge: (challenge: string) => void
}

type PasswordSignIn = Pick<Action<unknown, unknown>, 'busy' | 'error'> & {
  readonly signIn: (handle: string, password: string) => Promise<void>
}

/** Signs in with handle and password. */
export const usePasswordSignIn = ({ onSignedIn, onChallenge }: SignInOutcome): PasswordSignIn => {
  const action = useAction(SignInDocument)
  return {
    busy: action.busy,
    error: action.error,
    signIn: async (handle, password) => {
      const answer = (await action.run({ input: { handle, password } }))?.signIn
      if (answer?.__typename === 'SignInSuccess') onSignedIn(answer)
      if (answer?.__typename === 'MfaChallenge') onChallenge(answer.challenge)
    },
  }
}
