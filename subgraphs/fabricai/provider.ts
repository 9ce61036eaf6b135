import type { CompletionRequest, ModelRecord, Usage } from './records.ts'

/** Numbers that say what a text means, of length 1. */
export type Vector = readonly number[]

/** A label with how well it fits; a language with how likely it is. */
export type Scored<Name extends string> = Readonly<Record<Name, string>> & { readonly score: number }

/** How well-meaning a text sounds. */
export type SentimentValue = { mood: 'POSITIVE' | 'NEUTRAL' | 'NEGATIVE'; score: number }

/** A result, and what was used for it where the provider counts by itself. */
export type Result<Value> = { value: Value; usage?: Usage | undefined }

/** A piece of an answer; `usage` comes last, where the provider counts by itself. */
export type CompletionPart = { text: string } | { usage: Usage }

type Run<Request, Value> = (model: ModelRecord, request: Request, signal: AbortSignal) => Promise<Result<Value>>

/**
 * Whoever runs models: in this process, or elsewhere. It does what its models say that they do. It throws
 * `ProviderError` when it cannot, and a coded error when what it is given is too much; it fits the model's window.
 */
export type Provider = {
  name: string
  models: readonly ModelRecord[]
  embed?: Run<readonly string[], readonly Vector[]>
  classify?: Run<{ text: string; labels: readonly string[] }, readonly Scored<'label'>[]>
  summarize?: Run<{ text: string; sentences: number }, readonly string[]>
  detectLanguage?: Run<string, readonly Scored<'language'>[]>
  sentiment?: Run<string, SentimentValue>
  complete?: (model: ModelRecord, request: CompletionRequest, signal: AbortSignal) => AsyncIterable<CompletionPart>
}

/** Why a provider could not. Its message is shown to people. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError'
  /** Whether the same may work in a moment. */
  readonly passing: boolean

  constructor(message: string, { passing, cause }: { passing: boolean; cause?: unknown }) {
    super(message, { cause })
    this.passing = passing
  }
}
