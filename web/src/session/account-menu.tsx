import { Check, LogOut, Monitor, Moon, ShieldCheck, Sun, User } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { lazy, Suspense, useState } from 'react'
import { Link } from 'react-router'
import { SignOutDocument } from '../.generated/session.ts'
import { useSession, useSignedIn } from '../client/provider.tsx'
import { useAction } from '../client/use-action.ts'
import { Avatar } from '../design/avatar.tsx'
import { Button } from '../design/button.tsx'
import type { Theme, ThemeChoice } from '../design/theme.ts'
import { useStore } from '../shared/hooks.ts'
import { useSignIn } from './sign-in.tsx'

const Security = lazy(async () => ({ default: (await import('./security.tsx')).Security }))

const itemStyle =
  'data-highlighted:bg-raised flex h-9 items-center gap-2.5 rounded-md px-2.5 text-sm outline-none select-none'

const themes: readonly { readonly value: Theme; readonly label: string; readonly icon: typeof Sun }[] = [
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
  { value: 'system', label: 'As the system', icon: Monitor },
]

const ThemeItems = ({ choice }: { choice: ThemeChoice }) => {
  const theme = useStore(choice.theme)
  return (
    <DropdownMenu.RadioGroup value={theme} aria-label="Theme">
      <DropdownMenu.Label className="text-muted px-2.5 pt-2 pb-1 text-xs">Theme</DropdownMenu.Label>
      {themes.map(({ value, label, icon: Icon }) => (
        <DropdownMenu.RadioItem
          key={value}
          value={value}
          className={itemStyle}
          onSelect={(event) => {
            event.preventDefault()
            choice.choose(value)
          }}
        >
          <Icon aria-hidden className="text-muted size-4" />
          <span className="flex-1">{label}</span>
          <DropdownMenu.ItemIndicator>
            <Check aria-hidden className="text-accent size-4" />
          </DropdownMenu.ItemIndicator>
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  )
}

/** Signing in, or for who is signed in, what belongs to the account; and the theme for everybody. */
export const AccountMenu = ({ theme }: { theme: ThemeChoice }) => {
  const session = useSession()
  const signedIn = useSignedIn()
  const openSignIn = useSignIn()
  const { run: signOut } = useAction(SignOutDocument)
  const [securityOpen, setSecurityOpen] = useState(false)

  const leave = async (): Promise<void> => {
    // Also without network a person can leave: the session then ends by itself.
    await signOut({})
    session.end('SIGNED_OUT')
  }

  return (
    <>
      {signedIn === null && (
        <Button look="primary" size="small" onClick={openSignIn}>
          Sign in
        </Button>
      )}
      <DropdownMenu.Root>
        <DropdownMenu.Trigger asChild>
          <Button
            look="quiet"
            size={signedIn === null ? 'smallIcon' : 'small'}
            aria-label={signedIn === null ? 'Settings' : `Account of ${signedIn.handle}`}
            className={signedIn === null ? '' : 'h-10!'}
          >
            {signedIn === null ? (
              <Sun aria-hidden className="size-4" />
            ) : (
              <>
                <Avatar handle={signedIn.handle} size="small" />
                <span className="hidden max-w-32 truncate sm:inline">{signedIn.handle}</span>
              </>
            )}
          </Button>
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content
            align="end"
            sideOffset={6}
            className="bg-surface border-line shadow-float animate-fade z-50 min-w-56 rounded-xl border p-1.5"
          >
            {signedIn !== null && (
              <>
                <DropdownMenu.Item asChild className={itemStyle}>
                  <Link to={`/people/${signedIn.handle}`}>
                    <User aria-hidden className="text-muted size-4" /> Your profile
                  </Link>
                </DropdownMenu.Item>
                <DropdownMenu.Item className={itemStyle} onSelect={() => setSecurityOpen(true)}>
                  <ShieldCheck aria-hidden className="text-muted size-4" /> Sessions and security
                </DropdownMenu.Item>
                <DropdownMenu.Separator className="bg-line my-1.5 h-px" />
              </>
            )}
            <ThemeItems choice={theme} />
            {signedIn !== null && (
              <>
                <DropdownMenu.Separator className="bg-line my-1.5 h-px" />
                <DropdownMenu.Item className={itemStyle} onSelect={() => void leave()}>
                  <LogOut aria-hidden className="text-muted size-4" /> Sign out
                </DropdownMenu.Item>
              </>
            )}
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      {securityOpen && signedIn !== null && (
        <Suspense>
          <Security onClose={() => setSecurityOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
