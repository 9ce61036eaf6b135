import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../design/button.tsx'
import { Card } from '../design/card.tsx'
import { Empty } from '../design/states.tsx'
import { useSignIn } from './sign-in.tsx'

type SignedOutProps = { readonly icon: LucideIcon; readonly title: string; readonly children: ReactNode }

/** What somebody who is not signed in sees in the place of what is personal. */
export const SignedOut = ({ icon, title, children }: SignedOutProps) => {
  const openSignIn = useSignIn()
  return (
    <Card>
      <Empty
        icon={icon}
        title={title}
        action={
          <Button look="primary" onClick={openSignIn}>
            Sign in
          </Button>
        }
      >
        {children}
      </Empty>
    </Card>
  )
}
