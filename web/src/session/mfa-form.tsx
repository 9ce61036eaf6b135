import { useState } from 'react'
import { AnswerMfaChallengeDocument } from '../.generated/session.ts'
import type { TokenPair } from '../client/session.ts'
import { useAction } from '../client/use-action.ts'
import { Button } from '../design/button.tsx'
import { Input } from '../design/field.tsx'
import { FormError } from '../design/states.tsx'
import { useFocusOnMount } from '../shared/hooks.ts'

type MfaFormProps = {
  readonly challenge: string
  readonly onSignedIn: (pair: TokenPair) => void
  readonly onBack: () => void
}

/** The second step of signing in. */
export const MfaForm = ({ challenge, onSignedIn, onBack }: MfaFormProps) => {
  const [code, setCode] = useState('')
  const field = useFocusOnMount<HTMLInputElement>()
  const { busy, error, run } = useAction(AnswerMfaChallengeDocument)
  const submit = async (): Promise<void> => {
    const pair = (await run({ input: { challenge, code: code.replace(/\s/g, '') } }))?.answerMfaChallenge
    if (pair) onSignedIn(pair)
  }
  return (
    <form
      aria-label="Second factor"
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Input
        label="Code"
        hint="Six digits of your authenticator app, or one of your recovery codes."
        value={code}
        onChange={setCode}
        required
        ref={field}
        autoComplete="one-time-code"
        autoCapitalize="none"
      />
      <FormError error={error} />
      <div className="flex gap-2">
        <Button onClick={onBack}>Back</Button>
        <Button type="submit" look="primary" className="flex-1" busy={busy}>
          Confirm
        </Button>
      </div>
    </form>
  )
}
