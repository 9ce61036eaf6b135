import type { RunPartsFragment } from '../.generated/workflows.ts'
import type { Tone } from '../design/badge.tsx'

type Words = { readonly label: string; readonly tone: Tone }

/** Where a run stands, in a word. */
export const runWords: Readonly<Record<RunPartsFragment['status'], Words>> = {
  RUNNING: { label: 'Running', tone: 'accent' },
  SUCCEEDED: { label: 'Succeeded', tone: 'up' },
  COMPENSATING: { label: 'Being undone', tone: 'warn' },
  FAILED: { label: 'Failed, all undone', tone: 'down' },
  CANCELLED: { label: 'Cancelled, all undone', tone: 'neutral' },
  STUCK: { label: 'Stuck', tone: 'down' },
}

/** Where a step of a run stands, in a word. */
export const stepWords: Readonly<Record<RunPartsFragment['steps'][number]['status'], Words>> = {
  PENDING: { label: 'Waiting', tone: 'neutral' },
  RUNNING: { label: 'Running', tone: 'accent' },
  SUCCEEDED: { label: 'Done', tone: 'up' },
  FAILED: { label: 'Failed', tone: 'down' },
  COMPENSATING: { label: 'Being undone', tone: 'warn' },
  COMPENSATED: { label: 'Undone', tone: 'neutral' },
  COMPENSATION_FAILED: { label: 'Could not be undone', tone: 'down' },
}
