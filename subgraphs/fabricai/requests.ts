import { badInput, codedError, requireKey } from '../_kit/index.ts'
import type { CompletionRequest } from './records.ts'
import { longestText } from './text.ts'

const mostTexts = 100
const mostContext = 50
const mostAnswerTokens = 2_000
const mostSummarySentences = 20
const mostLabels = 20
const longestLabel = 200

/** The key of a request, if it has one. */
export const keyOf = ({ idempotencyKey }: { idempotencyKey?: string | null | undefined }): string | undefined =>
  idempotencyKey == null ? undefined : requireKey(idempotencyKey)

const hasWords = (text: string): boolean => /[\p{L}\p{N}]/u.test(text)

/** Text that says something and can be kept. LIMIT_EXCEEDED for what is longer than anything here could take. */
const readText = (text: string, field: string): string => {
  if (text.length > longestText) {
    const limit = longestText.toLocaleString('en')
    throw codedError('LIMIT_EXCEEDED', `That is too long: at most ${limit} characters are possible.`, {
      limit: longestText,
      field,
    })
  }
  if (/[\0\p{Surrogate}]/u.test(text) || !hasWords(text)) {
    throw badInput(`\`${field}\` has at least one letter or digit, and whole characters only.`, { field })
  }
  return text
}

const requireCount = (count: number, least: number, most: number, field: string): void => {
  if (Number.isInteger(count) && count >= least && count <= most) return
  throw badInput(`\`${field}\`: ${least} to ${most.toLocaleString('en')} are possible.`, { field })
}

/** A text to do something with. */
export const readInput = ({ text }: { text: string }): string => readText(text, 'text')

/** The texts to turn into vectors. */
export const readTexts = (texts: readonly string[]): string[] => {
  requireCount(texts.length, 1, mostTexts, 'texts')
  return texts.map((text) => readText(text, 'texts'))
}

/** How many sentences a summary has. */
export const readSentences = (sentences = 3): number => {
  requireCount(sentences, 1, mostSummarySentences, 'sentences')
  return sentences
}

/** The labels to choose from. */
export const readLabels = (labels: readonly string[]): string[] => {
  requireCount(labels.length, 2, mostLabels, 'labels')
  const isFine = labels.every((label) => Array.from(label).length <= longestLabel)
  if (!isFine || new Set(labels).size < labels.length) {
    throw badInput(`The labels are different, and have up to ${longestLabel} characters.`, { field: 'labels' })
  }
  return labels.map((label) => readText(label, 'labels'))
}

/** What an answer is to be made from. */
export const readCompletion = (input: {
  prompt: string
  context?: readonly string[] | undefined
  maxTokens?: number | undefined
  model?: string | null | undefined
}): CompletionRequest => {
  const { prompt, context = [], maxTokens = 200, model } = input
  requireCount(context.length, 0, mostContext, 'context')
  requireCount(maxTokens, 1, mostAnswerTokens, 'maxTokens')
  return {
    prompt: readText(prompt, 'prompt'),
    context: context.map((text) => readText(text, 'context')),
    maxTokens,
    ...(model != null && { model }),
  }
}
