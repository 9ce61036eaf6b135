import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { inputStyle } from '../design/field.tsx'

/** The secret of a new key, at the one moment at which it can be seen. */
export const SecretDialog = ({ secret, onClose }: { secret: string; onClose: () => void }) => {
  const [copied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(secret)
    setCopied(true)
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="Your key"
      description="It is shown this once: nobody can show it again. Keep it where your other secrets are."
    >
      <div className="space-y-4">
        <input
          readOnly
          aria-label="Key"
          value={secret}
          onFocus={(event) => event.target.select()}
          className={`${inputStyle} h-10 font-mono text-xs`}
        />
        {'clipboard' in navigator && (
          <Button look="primary" className="w-full" onClick={() => void copy()}>
            {copied ? <Check aria-hidden className="size-4" /> : <Copy aria-hidden className="size-4" />}
            {copied ? 'Copied' : 'Copy the key'}
          </Button>
        )}
        <p className="text-muted text-sm">
          Send it with every request, as <code>x-api-key</code>.
        </p>
      </div>
    </Dialog>
  )
}
