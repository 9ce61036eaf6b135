import { useState } from 'react'
import type { TokenPair } from '../client/session.ts'
import { useSession } from '../client/provider.tsx'
import { Dialog } from '../design/dialog.tsx'
import { Segmented } from '../design/segmented.tsx'
import { useToasts } from '../design/toasts.tsx'
import { DemoPeople } from './demo-people.tsx'
import { MfaForm } from './mfa-form.tsx'
import { SignInForm } from './sign-in-form.tsx'
import { SignUpForm } from './sign-up-form.tsx'

type Way = 'sign-in' | 'sign-up'

/** Where people sign in, or make an account. */
export const SignInDialog = ({ onClose }: { onClose: () => void }) => {
  const session = useSession()
  const toasts = useToasts()
  const [way, setWay] = useState<Way>('sign-in')
  const [challenge, setChallenge] = useState<string>()

  const welcome = (pair: TokenPair): void => {
    onClose()
    session.begin(pair)
    toasts.show('done', `Signed in as ${pair.user.handle}`)
  }

  if (challenge !== undefined) {
    return (
      <Dialog open onClose={onClose} title="One more step" description="Your account is protected by a second factor.">
        <MfaForm challenge={challenge} onSignedIn={welcome} onBack={() => setChallenge(undefined)} />
      </Dialog>
    )
  }
  return (
    <Dialog open onClose={onClose} title="Welcome to Codai" description="One account for trading, talking and paying.">
      <DemoPeople onSignedIn={welcome} onChallenge={setChallenge} />
      <Segmented
        label="Do you have an account?"
        value={way}
        onChange={setWay}
        className="mb-4"
        options={[
          { value: 'sign-in', label: 'Sign in' },
          { value: 'sign-up', label: 'Create account' },
        ]}
      />
      {way === 'sign-in' ? (
        <SignInForm onSignedIn={welcome} onChallenge={setChallenge} />
      ) : (
        <SignUpForm onSignedIn={welcome} />
      )}
    </Dialog>
  )
}
