import type { MemoryKind } from '../.generated/memories.ts'

/** What a memory is about, in a word. */
export const kindWords: Readonly<Record<MemoryKind, string>> = {
  FACT: 'Fact',
  EVENT: 'Event',
  PREFERENCE: 'Preference',
  TASK: 'Task',
}

/** The kinds, to choose from. */
export const kindOptions: readonly { readonly value: MemoryKind; readonly label: string }[] = [
  { value: 'FACT', label: 'Fact' },
  { value: 'PREFERENCE', label: 'Preference' },
  { value: 'EVENT', label: 'Event' },
  { value: 'TASK', label: 'Task' },
]
