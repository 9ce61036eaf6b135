import { badInput, requireId, requireKey, requiredText } from '../_kit/index.ts'
import type { MemoryKind, NewMemory } from './records.ts'

const longestContent = 2_000
const mostTags = 20
const longestTag = 50
const mostAtOnce = 100
const mostFound = 50
const leastMergeScore = 0.7

type Draft = {
  content: string
  kind?: MemoryKind | undefined
  tags?: readonly string[] | undefined
  importance?: number | undefined
  project?: string | null | undefined
}

/** Text whose meaning can be told: a letter or a digit is in it. */
const readMeaningful = (text: string, field: string): string => {
  const content = requiredText(text, longestContent, field)
  if (!/[\p{L}\p{N}]/u.test(content)) throw badInput(`\`${field}\` has at least one letter or digit.`, { field })
  return content
}

/** A tag as it is kept and looked for. */
export const readTag = (tag: string): string => requiredText(tag, longestTag, 'tags').toLowerCase()

const requireShare = (value: number, least: number, field: string): number => {
  if (value >= least && value <= 1) return value
  throw badInput(`\`${field}\` is between ${least} and 1.`, { field })
}

/** Something to remember. */
export const readMemory = ({ content, kind = 'FACT', tags = [], importance = 0.5, project }: Draft): NewMemory => {
  if (tags.length > mostTags) throw badInput(`\`tags\`: at most ${mostTags} are possible.`, { field: 'tags' })
  return {
    content: readMeaningful(content, 'content'),
    kind,
    tags: [...new Set(tags.map(readTag))],
    importance: requireShare(importance, 0, 'importance'),
    projectId: project == null ? null : requireId('Project', project),
  }
}

/** Several things to remember. */
export const readMemories = (drafts: readonly Draft[]): NewMemory[] => {
  if (drafts.length < 1 || drafts.length > mostAtOnce) {
    throw badInput(`\`memories\`: 1 to ${mostAtOnce} are possible.`, { field: 'memories' })
  }
  return drafts.map(readMemory)
}

/** The key of a request, if it has one. */
export const readKey = ({ idempotencyKey }: { idempotencyKey?: string | null | undefined }): string | undefined =>
  idempotencyKey == null ? undefined : requireKey(idempotencyKey)

/** What is sought. */
export const readQuery = (query: string): string => readMeaningful(query, 'query')

/** How many are sought. */
export const readFirst = (first: number): number => {
  if (first >= 0 && first <= mostFound) return first
  throw badInput(`\`first\` is between 0 and ${mostFound}.`, { field: 'first' })
}

/** How like what is found has to be. */
export const readMinScore = (minScore: number): number => requireShare(minScore, 0, 'minScore')

/** How like what is merged has to be. */
export const readMergeScore = (minScore: number): number => requireShare(minScore, leastMergeScore, 'minScore')
