import type { Money } from '../_kit/index.ts'
import type {
  CompletionEventKind,
  InferenceStatus,
  InferenceTask,
  Inference,
  CompletionEvent,
} from '../.generated/prisma/client.ts'

export type { CompletionEventKind, InferenceStatus, InferenceTask }

/** Something that does one task with text. */
export type ModelRecord = {
  /** The provider's name, a slash, and the provider's name of the model. */
  id: string
  provider: string
  task: InferenceTask
  description: string
  /** In tokens. */
  contextWindow: number
  /** For a million tokens, in EUR. */
  inputPrice: Money
  outputPrice: Money
}

/** Something that a model did, or is doing. */
export type InferenceRecord = Inference

/** An event of an answer, as listeners read it. */
export type CompletionEventRecord = CompletionEvent

/** What an answer is to be made from. */
export type CompletionRequest = {
  prompt: string
  context: readonly string[]
  maxTokens: number
  /** The only model to use; all are tried when there is none. */
  model?: string | undefined
}

/** How much was used. */
export type Usage = { inputTokens: number; outputTokens: number }

/** A person, of whom only the key is known here. */
export type UserRecord = { id: string }
