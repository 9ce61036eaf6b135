import { Sparkles } from 'lucide-react'
import { useSignedIn } from '../client/provider.tsx'
import { SignedOut } from '../session/signed-out.tsx'
import { useTitle } from '../shared/hooks.ts'
import { Chat } from './chat.tsx'
import { Memories } from './memories.tsx'

/** An assistant that remembers. */
export const AssistantPage = () => {
  const me = useSignedIn()
  useTitle('Assistant')
  return (
    <div className="mx-auto max-w-6xl space-y-4">
      <h1 className="text-2xl font-semibold tracking-tight">Assistant</h1>
      {me === null ? (
        <SignedOut icon={Sparkles} title="An assistant that remembers">
          Sign in to tell it what matters, and to ask about it later in other words.
        </SignedOut>
      ) : (
        <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
          <Chat key={me.userId} />
          <Memories />
        </div>
      )}
    </div>
  )
}
