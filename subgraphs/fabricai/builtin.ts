import { codedError } from '../_kit/index.ts'
import type { InferenceTask, ModelRecord } from './records.ts'
import type { Embedder } from './embedder.ts'
import { answerPieces, selectSentences } from './extract.ts'
import { ProviderError } from './provider.ts'
import type { Provider, Vector } from './provider.ts'
import { sentencesOf } from './text.ts'
import { summarySentences } from './textrank.ts'
import { cosine, shares } from './vectors.ts'

/** The built-in provider's name. */
export const builtinName = 'codai'

const free = { amount: '0.00', currency: 'EUR' } as const
// Between sentences all have to be compared with all.
const mostSentences = 1_000
const mostLanguages = 5
// Where labels differ little in likeness, their shares still tell them apart.
const labelTemperature = 0.1
const largestWordScore = 5
const neutralScore = 0.05
// What tells a language is in the beginning of a text as well.
const detectedCharacters = 2_000

const model = (task: InferenceTask, name: string, contextWindow: number, description: string): ModelRecord => ({
  id: `${builtinName}/${name}`,
  provider: builtinName,
  task,
  description,
  contextWindow,
  inputPrice: free,
  outputPrice: free,
})

/** The models that need no key and no network. */
export const builtinModels: readonly ModelRecord[] = [
  model('EMBED', 'sentence-encoder-en', 2_000, 'The Universal Sentence Encoder Lite: English, 512 dimensions.'),
  model('CLASSIFY', 'label-similarity-en', 2_000, 'Compares the meaning of an English text with that of each label.'),
  model('SUMMARIZE', 'textrank', 10_000, 'TextRank: the sentences that have most in common with all others.'),
  model('COMPLETE', 'extractive-en', 8_000, 'Extractive: selects the English sentences given that answer best.'),
  model('DETECT_LANGUAGE', 'tinyld', 10_000, 'TinyLD: frequencies of letters and words in 62 languages.'),
  model('SENTIMENT', 'wink-sentiment-en', 10_000, 'AFINN: the moods of English words, with negations and emojis.'),
]

const requireFewSentences = (sentences: readonly string[]): void => {
  if (sentences.length <= mostSentences) return
  const limit = mostSentences.toLocaleString('en')
  throw codedError('LIMIT_EXCEEDED', `That is ${sentences.length} sentences; at most ${limit} are possible.`, {
    limit: mostSentences,
  })
}

/** What `embed` gives; that the thread of the model is lost is a failure that passes. */
const meaningsOf = async (embedder: Embedder, texts: readonly string[], signal: AbortSignal): Promise<Vector[]> => {
  try {
    return await embedder.embed(texts, signal)
  } catch (cause) {
    throw new ProviderError('The built-in embedding model failed.', { passing: true, cause })
  }
}

/** Models and algorithms that run in this process. What is large is loaded when it is first used. */
export const createBuiltin = (embedder: Embedder): Provider => ({
  name: builtinName,
  models: builtinModels,

  embed: async (_, texts, signal) => ({ value: await meaningsOf(embedder, texts, signal) }),

  classify: async (_, { text, labels }, signal) => {
    const [meaning = [], ...meanings] = await meaningsOf(embedder, [text, ...labels], signal)
    const fit = shares(
      meanings.map((label) => cosine(meaning, label)),
      labelTemperature,
    )
    const scored = labels.map((label, index) => ({ label, score: fit[index] ?? 0 }))
    return { value: scored.toSorted((one, other) => other.score - one.score) }
  },

  summarize: async (_, { text, sentences: most }) => {
    const sentences = sentencesOf(text)
    requireFewSentences(sentences)
    return { value: summarySentences(sentences, most) }
  },

  detectLanguage: async (_, text) => {
    const { detectAll } = await import('tinyld')
    const found = detectAll(text.slice(0, detectedCharacters)).slice(0, mostLanguages)
    return { value: found.map(({ lang, accuracy }) => ({ language: lang, score: accuracy })) }
  },

  sentiment: async (_, text) => {
    const { default: sentiment } = await import('wink-sentiment')
    const score = Math.max(-1, Math.min(1, sentiment(text).normalizedScore / largestWordScore))
    const mood = Math.abs(score) < neutralScore ? 'NEUTRAL' : score > 0 ? 'POSITIVE' : 'NEGATIVE'
    return { value: { mood, score } }
  },

  complete: async function* (_, { prompt, context, maxTokens }, signal) {
    const given = context.flatMap(sentencesOf)
    const sentences = given.length > 0 ? given : sentencesOf(prompt)
    if (given.length === 0 && sentences.length < 2) {
      throw new ProviderError('The built-in model answers only from what it is given: pass `context`.', {
        passing: false,
      })
    }
    requireFewSentences(sentences)
    const [question = [], ...vectors] = await meaningsOf(embedder, [prompt, ...sentences], signal)
    const candidates = sentences.map((sentence, index) => ({ sentence, vector: vectors[index] ?? [] }))
    for (const text of answerPieces(selectSentences(question, candidates, maxTokens), maxTokens)) yield { text }
  },
})
