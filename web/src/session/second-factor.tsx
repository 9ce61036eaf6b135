import { Copy } from 'lucide-react'
import { useState } from 'react'
import {
  ConfirmTotpDocument,
  DisableTotpDocument,
  EnrollTotpDocument,
  RecoveryCodesDocument,
} from '../.generated/security.ts'
import { useAction } from '../client/use-action.ts'
import { Badge } from '../design/badge.tsx'
import { Button } from '../design/button.tsx'
import { Input } from '../design/field.tsx'
import { FormError } from '../design/states.tsx'
import { QrCode } from '../design/qr-code.tsx'
import { useToasts } from '../design/toasts.tsx'
import { useFocusOnMount } from '../shared/hooks.ts'

const clean = (code: string): string => code.replace(/\s/g, '')

/** A field for a code, and what to do with it. */
const CodeForm = (props: {
  readonly label: string
  readonly submit: string
  readonly danger?: boolean
  readonly busy: boolean
  readonly onSubmit: (code: string) => void
  readonly onCancel: () => void
}) => {
  const [code, setCode] = useState('')
  const field = useFocusOnMount<HTMLInputElement>()
  return (
    <form
      aria-label={props.submit}
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault()
        props.onSubmit(clean(code))
      }}
    >
      <Input label={props.label} value={code} onChange={setCode} required ref={field} autoComplete="one-time-code" />
      <div className="flex gap-2">
        <Button size="small" onClick={props.onCancel}>
          Cancel
        </Button>
        <Button type="submit" size="small" look={props.danger === true ? 'danger' : 'primary'} busy={props.busy}>
          {props.submit}
        </Button>
      </div>
    </form>
  )
}

/** The codes for the day on which the phone is lost; shown once. */
const CodesShown = ({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) => {
  const toasts = useToasts()
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(codes.join('\n'))
    toasts.show('done', 'Recovery codes copied')
  }
  return (
    <div className="space-y-3">
      <p className="text-sm">
        Keep these recovery codes in a safe place. Each works once, if your phone is lost. They are not shown again.
      </p>
      <ul
        aria-label="Recovery codes"
        className="bg-raised grid grid-cols-2 gap-x-4 gap-y-1 rounded-lg p-3 font-mono text-sm"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex gap-2">
        {'clipboard' in navigator && (
          <Button size="small" onClick={() => void copy()}>
            <Copy aria-hidden className="size-4" /> Copy
          </Button>
        )}
        <Button size="small" look="primary" onClick={onDone}>
          I have kept them
        </Button>
      </div>
    </div>
  )
}

type Step =
  | { at: 'rest' }
  | { at: 'enrol'; secret: string; uri: string }
  | { at: 'renew' | 'disable' }
  | { at: 'codes'; codes: readonly string[] }

type SecondFactorProps = { readonly enabled: boolean; readonly codesLeft: number; readonly onChanged: () => void }

/** Turns the authenticator application on and off, and makes recovery codes. */
export const SecondFactor = ({ enabled, codesLeft, onChanged }: SecondFactorProps) => {
  const [step, setStep] = useState<Step>({ at: 'rest' })
  const enrol = useAction(EnrollTotpDocument)
  const confirm = useAction(ConfirmTotpDocument)
  const renew = useAction(RecoveryCodesDocument)
  const disable = useAction(DisableTotpDocument)
  const actions = [enrol, confirm, renew, disable]
  const error = actions.find((action) => action.error !== undefined)?.error

  const rest = (): void => {
    for (const action of actions) action.clear()
    setStep({ at: 'rest' })
  }
  const changed = (codes: readonly string[] | undefined): void => {
    if (codes === undefined) return
    setStep({ at: 'codes', codes })
    onChanged()
  }
  const begin = async (): Promise<void> => {
    const enrolment = (await enrol.run({}))?.enrollTotp
    if (enrolment) setStep({ at: 'enrol', secret: enrolment.secret, uri: enrolment.uri })
  }
  const turnOff = async (code: string): Promise<void> => {
    if ((await disable.run({ code }))?.disableTotp) rest()
  }

  return (
    <section aria-labelledby="second-factor-title" className="space-y-3">
      <h3 id="second-factor-title" className="flex items-center gap-2 text-sm font-semibold">
        Authenticator app <Badge tone={enabled ? 'up' : 'neutral'}>{enabled ? 'On' : 'Off'}</Badge>
      </h3>
      {step.at === 'rest' && !enabled && (
        <>
          <p className="text-muted text-sm">Asks for a code of your phone when you sign in, besides the password.</p>
          <Button size="small" look="primary" busy={enrol.busy} onClick={() => void begin()}>
            Set up
          </Button>
        </>
      )}
      {step.at === 'rest' && enabled && (
        <>
          <p className="text-muted text-sm">
            {codesLeft === 1 ? 'One recovery code is left.' : `${codesLeft} recovery codes are left.`}
          </p>
          <div className="flex flex-wrap gap-2">
            <Button size="small" onClick={() => setStep({ at: 'renew' })}>
              New recovery codes
            </Button>
            <Button size="small" look="danger" onClick={() => setStep({ at: 'disable' })}>
              Turn off
            </Button>
          </div>
        </>
      )}
      {step.at === 'enrol' && (
        <div className="space-y-3">
          <p className="text-sm">Scan this with your authenticator app, then enter the code that it shows.</p>
          <QrCode text={step.uri} label="QR code of the secret key" />
          <p className="text-muted text-xs">
            Or type the key by hand: <code className="text-ink font-mono break-all">{step.secret}</code>
          </p>
          <CodeForm
            label="Code"
            submit="Turn on"
            busy={confirm.busy}
            onCancel={rest}
            onSubmit={(code) => void confirm.run({ code }).then((data) => changed(data?.confirmTotp?.codes))}
          />
        </div>
      )}
      {step.at === 'renew' && (
        <CodeForm
          label="Code of your authenticator app"
          submit="Replace codes"
          busy={renew.busy}
          onCancel={rest}
          onSubmit={(code) => void renew.run({ code }).then((data) => changed(data?.recoveryCodes?.codes))}
        />
      )}
      {step.at === 'disable' && (
        <CodeForm
          label="Code of your authenticator app, or a recovery code"
          submit="Turn off"
          danger
          busy={disable.busy}
          onCancel={rest}
          onSubmit={(code) => void turnOff(code)}
        />
      )}
      {step.at === 'codes' && <CodesShown codes={step.codes} onDone={rest} />}
      <FormError error={error} />
    </section>
  )
}
