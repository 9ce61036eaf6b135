import { createContext, lazy, Suspense, useCallback, useContext, useState } from 'react'
import type { ReactNode } from 'react'

const SignInDialog = lazy(async () => ({ default: (await import('./sign-in-dialog.tsx')).SignInDialog }))

const SignInContext = createContext<(() => void) | null>(null)

/** Opens the dialog in which people sign in. */
export const useSignIn = (): (() => void) => {
  const open = useContext(SignInContext)
  if (open === null) throw new Error('This component has to stand inside of SignInProvider')
  return open
}

/** Gives all below it a way to ask the person to sign in. */
export const SignInProvider = ({ children }: { children: ReactNode }) => {
  const [shown, setShown] = useState(false)
  const open = useCallback(() => setShown(true), [])
  return (
    <SignInContext value={open}>
      {children}
      {shown && (
        <Suspense>
          <SignInDialog onClose={() => setShown(false)} />
        </Suspense>
      )}
    </SignInContext>
  )
}
