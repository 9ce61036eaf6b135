import { useQuery } from 'urql'
import { DemoPeopleDocument } from '../.generated/session.ts'
import { Avatar } from '../design/avatar.tsx'
import { FormError } from '../design/states.tsx'
import { usePasswordSignIn } from './use-password-sign-in.ts'
import type { SignInOutcome } from './use-password-sign-in.ts'

// The demo data's own, known to everyone: it protects nothing.
const demoPassword = 'correct-horse-battery'

const spoken = (handle: string): string => handle.slice(0, 1).toUpperCase() + handle.slice(1)

/** The people of the demo data, one click away; nothing where the system runs without demo data. */
export const DemoPeople = (outcome: SignInOutcome) => {
  const [{ data }] = useQuery({ query: DemoPeopleDocument })
  const { busy, error, signIn } = usePasswordSignIn(outcome)
  const people = [data?.ada, data?.bob, data?.carol].filter((person) => person !== null && person !== undefined)
  if (people.length === 0) return null
  return (
    <section aria-label="Demo people" className="bg-raised mb-5 rounded-xl p-3">
      <p className="text-muted mb-2 text-xs">Just looking? Be one of the demo people, with money to spend:</p>
      <div className="grid grid-cols-3 gap-2">
        {people.map(({ id, handle }) => (
          <button
            key={id}
            type="button"
            aria-label={`Continue as ${spoken(handle)}`}
            disabled={busy}
            onClick={() => void signIn(handle, demoPassword)}
            className="bg-surface border-line hover:border-accent flex flex-col items-center gap-1.5 rounded-lg border py-3 font-medium transition disabled:opacity-55"
          >
            <Avatar handle={handle} />
            {spoken(handle)}
          </button>
        ))}
      </div>
      <div className="mt-2 empty:hidden">
        <FormError error={error} />
      </div>
    </section>
  )
}
