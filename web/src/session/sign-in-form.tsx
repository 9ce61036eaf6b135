import { useState } from 'react'
import { Button } from '../design/button.tsx'
import { Input } from '../design/field.tsx'
import { FormError } from '../design/states.tsx'
import { usePasswordSignIn } from './use-password-sign-in.ts'
import type { SignInOutcome } from './use-password-sign-in.ts'

/** Handle and password. */
export const SignInForm = (outcome: SignInOutcome) => {
  const [handle, setHandle] = useState('')
  const [password, setPassword] = useState('')
  const { busy, error, signIn } = usePasswordSignIn(outcome)
  return (
    <form
      aria-label="Sign in"
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault()
        void signIn(handle.trim(), password)
      }}
    >
      <Input
        label="Handle"
        value={handle}
        onChange={setHandle}
        required
        autoComplete="username"
        autoCapitalize="none"
      />
      <Input
        label="Password"
        type="password"
        value={password}
        onChange={setPassword}
        required
        autoComplete="current-password"
      />
      <FormError error={error} />
      <Button type="submit" look="primary" className="w-full" busy={busy}>
        Sign in
      </Button>
    </form>
  )
}
