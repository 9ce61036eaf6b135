import { useState } from 'react'
import { SignUpDocument } from '../.generated/session.ts'
import { explain } from '../client/errors.ts'
import type { TokenPair } from '../client/session.ts'
import { useAction } from '../client/use-action.ts'
import { Button } from '../design/button.tsx'
import { Input } from '../design/field.tsx'
import { FormError } from '../design/states.tsx'

/** A new account. */
export const SignUpForm = ({ onSignedIn }: { onSignedIn: (pair: TokenPair) => void }) => {
  const [handle, setHandle] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const { busy, error, run } = useAction(SignUpDocument)
  const explained = error === undefined ? undefined : explain(error)
  const taken = explained?.code === 'ALREADY_EXISTS' ? 'This handle is taken. Please choose another.' : undefined
  const wrong = (field: string): string | undefined => (explained?.field === field ? explained.message : undefined)
  const shownAtField = taken ?? wrong('handle') ?? wrong('email') ?? wrong('password')

  const submit = async (): Promise<void> => {
    const pair = (await run({ input: { handle: handle.trim(), email: email.trim(), password } }))?.signUp
    if (pair) onSignedIn(pair)
  }

  return (
    <form
      aria-label="Create account"
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Input
        label="Handle"
        hint="3 to 30 letters, digits and underscores. Everybody sees it."
        error={taken ?? wrong('handle')}
        value={handle}
        onChange={setHandle}
        required
        minLength={3}
        maxLength={30}
        pattern="[A-Za-z0-9_]+"
        autoComplete="username"
        autoCapitalize="none"
      />
      <Input
        label="Email"
        type="email"
        hint="For messages to you; nobody else sees it."
        error={wrong('email')}
        value={email}
        onChange={setEmail}
        required
        autoComplete="email"
      />
      <Input
        label="Password"
        type="password"
        hint="At least 10 characters."
        error={wrong('password')}
        value={password}
        onChange={setPassword}
        required
        minLength={10}
        maxLength={200}
        autoComplete="new-password"
      />
      <FormError error={shownAtField === undefined ? error : undefined} />
      <Button type="submit" look="primary" className="w-full" busy={busy}>
        Create account
      </Button>
    </form>
  )
}
