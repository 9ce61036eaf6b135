import { codedError } from '../_kit/index.ts'
import type { Caller } from './caller.ts'
import type { Done, Inferences } from './inferences.ts'
import { ProviderError } from './provider.ts'
import type { Provider, Result, Scored, SentimentValue, Vector } from './provider.ts'
import type { ModelRecord } from './records.ts'
import { keyOf, readInput, readLabels, readSentences, readTexts } from './requests.ts'
import { countTokens } from './text.ts'

// Of all texts together: several seconds of work.
const mostEmbeddedTokens = 20_000

type Optional = { idempotencyKey?: string | null | undefined }
type OneText = Optional & { text: string; keepContent?: boolean | undefined }

/** What is done at once. */
export type Tasks = {
  embed: (
    caller: Caller,
    input: Optional & { texts: readonly string[]; model?: string | null | undefined },
  ) => Promise<Done<readonly Vector[]>>
  classify: (
    caller: Caller,
    input: OneText & { labels: readonly string[] },
  ) => Promise<Done<readonly Scored<'label'>[]>>
  summarize: (caller: Caller, input: OneText & { sentences?: number | undefined }) => Promise<Done<readonly string[]>>
  detectLanguage: (caller: Caller, input: OneText) => Promise<Done<readonly Scored<'language'>[]>>
  sentiment: (caller: Caller, input: OneText) => Promise<Done<SentimentValue>>
}

type Able = Exclude<keyof Provider, 'name' | 'models' | 'complete'>

/** Has a provider do what one of its models is for. */
const ask = <Task extends Able>(provider: Provider, task: Task): Exclude<Provider[Task], undefined> => {
  const able = provider[task]
  if (!able) throw new ProviderError(`${provider.name} does not do this.`, { passing: false })
  return able as Exclude<Provider[Task], undefined>
}

/** The tasks that are done at once, over what writes them down. */
export const createTasks = ({ infer }: Inferences): Tasks => {
  /** A task over one text. */
  const overText = <Value>(
    caller: Caller,
    task: 'CLASSIFY' | 'SUMMARIZE' | 'DETECT_LANGUAGE' | 'SENTIMENT',
    input: OneText,
    what: {
      content?: unknown
      extraTokens?: number
      run: (provider: Provider, model: ModelRecord, text: string, signal: AbortSignal) => Promise<Result<Value>>
      outputOf: (value: Value) => string
      countOutput?: (value: Value) => number
    },
  ): Promise<Done<Value>> => {
    const { keepContent = true } = input
    const text = readInput(input)
    const key = keyOf(input)
    const inputTokens = countTokens(text) + (what.extraTokens ?? 0)
    return infer(caller, {
      task,
      longest: inputTokens,
      inputTokens,
      key,
      content: [text, what.content ?? null, keepContent],
      input: keepContent ? text : null,
      run: ({ provider, model }, signal) => what.run(provider, model, text, signal),
      outputOf: what.outputOf,
      countOutput: what.countOutput ?? (() => 1),
    })
  }

  return {
    embed: async (caller, input) => {
      const texts = readTexts(input.texts)
      const counts = texts.map(countTokens)
      const inputTokens = counts.reduce((sum, count) => sum + count, 0)
      if (inputTokens > mostEmbeddedTokens) {
        const limit = mostEmbeddedTokens.toLocaleString('en')
        throw codedError('LIMIT_EXCEEDED', `The texts together have more than ${limit} tokens.`, {
          limit: mostEmbeddedTokens,
        })
      }
      return infer(caller, {
        task: 'EMBED',
        modelId: input.model,
        longest: Math.max(...counts),
        inputTokens,
        key: keyOf(input),
        content: texts,
        input: null,
        run: ({ provider, model }, signal) => ask(provider, 'embed')(model, texts, signal),
        outputOf: () => '',
        countOutput: () => 0,
      })
    },

    classify: async (caller, input) => {
      const labels = readLabels(input.labels)
      return overText(caller, 'CLASSIFY', input, {
        content: labels,
        extraTokens: labels.reduce((sum, label) => sum + countTokens(label), 0),
        run: (provider, model, text, signal) => ask(provider, 'classify')(model, { text, labels }, signal),
        outputOf: (scored) => scored.map(({ label, score }) => `${label}: ${score.toFixed(3)}`).join('\n'),
      })
    },

    summarize: async (caller, input) => {
      const sentences = readSentences(input.sentences)
      return overText(caller, 'SUMMARIZE', input, {
        content: sentences,
        run: (provider, model, text, signal) => ask(provider, 'summarize')(model, { text, sentences }, signal),
        outputOf: (chosen) => chosen.join(' '),
        countOutput: (chosen) => chosen.reduce((sum, sentence) => sum + countTokens(sentence), 0),
      })
    },

    detectLanguage: async (caller, input) =>
      overText(caller, 'DETECT_LANGUAGE', input, {
        run: (provider, model, text, signal) => ask(provider, 'detectLanguage')(model, text, signal),
        outputOf: (found) => found[0]?.language ?? '',
      }),

    sentiment: async (caller, input) =>
      overText(caller, 'SENTIMENT', input, {
        run: (provider, model, text, signal) => ask(provider, 'sentiment')(model, text, signal),
        outputOf: ({ mood, score }) => `${mood} ${score.toFixed(2)}`,
      }),
  }
}
