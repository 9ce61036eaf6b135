import type { Memory, MemoryKind, MemorySource } from '../.generated/prisma/client.ts'

export type { MemoryKind }

/** Something that is remembered. */
export type MemoryRecord = Memory

/** A memory as it was before it became part of another. */
export type MemorySourceRecord = MemorySource

/** A memory that was found. */
export type RecallRecord = { score: number; memory: MemoryRecord }

/** A person, of whom only the key is known here. */
export type UserRecord = { id: string }

/** A project, of which only the key is known here. */
export type ProjectRecord = { id: string }

/** Something to remember, as it is kept. */
export type NewMemory = Pick<MemoryRecord, 'content' | 'kind' | 'tags' | 'importance' | 'projectId'>
