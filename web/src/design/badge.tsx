import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

/** What a badge means. */
export type Tone = 'neutral' | 'accent' | 'up' | 'down' | 'warn'

const tones: Readonly<Record<Tone, string>> = {
  neutral: 'bg-raised text-muted',
  accent: 'bg-accent-soft text-accent',
  up: 'bg-up-soft text-up',
  down: 'bg-down-soft text-down',
  warn: 'bg-warn-soft text-warn',
}

/** A short word about a thing. */
export const Badge = ({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) => (
  <span
    className={classNames('inline-flex items-center gap-1 rounded-md px-1.5 py-0.5 text-xs font-medium', tones[tone])}
  >
    {children}
  </span>
)
