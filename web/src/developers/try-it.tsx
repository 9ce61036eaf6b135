import { SquareTerminal } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { Button } from '../design/button.tsx'
import { Card } from '../design/card.tsx'
import { Input } from '../design/field.tsx'
import { SkeletonRows } from '../design/states.tsx'

// The editor is several megabytes: only who wants to try something loads it.
const PublicExplorer = lazy(async () => ({ default: (await import('../explorer/public-explorer.tsx')).PublicExplorer }))

/** Trying a query on the public graph, with a key. */
export const TryIt = ({ secret }: { secret: string | undefined }) => {
  const [typed, setTyped] = useState('')
  const [open, setOpen] = useState(false)
  const key = typed.trim() || secret || ''
  return (
    <Card title="Try it" bodyClassName="space-y-3 p-4 pt-1">
      <div className="flex flex-wrap items-end gap-3">
        <Input
          label="Key"
          className="min-w-60 flex-1"
          type="password"
          autoComplete="off"
          value={typed}
          onChange={setTyped}
          placeholder={secret === undefined ? 'Paste a key' : 'The key that was just issued'}
        />
        {!open && (
          <Button look="primary" disabled={key === ''} onClick={() => setOpen(true)}>
            <SquareTerminal aria-hidden className="size-4" /> Open the explorer
          </Button>
        )}
      </div>
      {open && (
        <section aria-label="Public explorer" className="border-line h-[34rem] overflow-hidden rounded-lg border">
          <Suspense fallback={<SkeletonRows rows={8} label="Loading the explorer" />}>
            <PublicExplorer apiKey={key} />
          </Suspense>
        </section>
      )}
    </Card>
  )
}
