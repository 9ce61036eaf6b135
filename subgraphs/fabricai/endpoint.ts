import { EventSourceParserStream } from 'eventsource-parser/stream'
import { z } from 'zod'
import type { AiEndpoint } from '@codai/runtime'
import type { CompletionRequest, ModelRecord } from './records.ts'
import { ProviderError } from './provider.ts'
import type { CompletionPart, Provider } from './provider.ts'

// From the request to the first answer, and from one piece of an answer to the next.
const patienceMs = 30_000

const usage = z.object({ prompt_tokens: z.number().int(), completion_tokens: z.number().int().default(0) })

const embeddings = z.object({
  data: z.array(z.object({ index: z.number().int(), embedding: z.array(z.number()).min(1) })),
  usage: usage.optional().catch(undefined),
})

const chunk = z.object({
  choices: z.array(z.object({ delta: z.object({ content: z.string().nullish() }).nullish() })).default([]),
  usage: usage.nullish().catch(undefined),
  error: z.unknown().optional(),
})

const instructions =
  'Answer the request of the user. Where context is given, answer from it alone, and say so when the answer is not in it.'

const messagesOf = ({ prompt, context }: CompletionRequest) => [
  { role: 'system', content: instructions },
  ...(context.length > 0 ? [{ role: 'user', content: `Context:\n\n${context.join('\n\n')}` }] : []),
  { role: 'user', content: prompt },
]

const normalized = (vector: readonly number[]): number[] => {
  const length = Math.hypot(...vector)
  return length === 0 ? [...vector] : vector.map((value) => value / length)
}

const modelsOf = (endpoint: AiEndpoint): ModelRecord[] => {
  const { name, chatModel, embeddingModel, contextWindow, inputPrice, outputPrice } = endpoint
  const of = (id: string, task: ModelRecord['task'], description: string): ModelRecord => ({
    id: `${name}/${id}`,
    provider: name,
    task,
    description,
    contextWindow,
    inputPrice: { amount: inputPrice, currency: 'EUR' },
    outputPrice: { amount: outputPrice, currency: 'EUR' },
  })
  return [
    ...(chatModel === undefined ? [] : [of(chatModel, 'COMPLETE', `A language model, run by ${name}.`)]),
    ...(embeddingModel === undefined ? [] : [of(embeddingModel, 'EMBED', `An embedding model, run by ${name}.`)]),
  ]
}

/** The models of an endpoint that speaks OpenAI's protocol: `/embeddings`, and `/chat/completions` as a stream. */
export const createEndpoint = (endpoint: AiEndpoint): Provider => {
  const { name, url, key } = endpoint
  const nameOf = ({ id }: ModelRecord): string => id.slice(name.length + 1)
  const lost = (cause: unknown): ProviderError =>
    cause instanceof ProviderError ? cause : new ProviderError(`${name} did not answer.`, { passing: true, cause })

  const post = async (path: string, body: object, signal: AbortSignal): Promise<Response> => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key !== undefined && { authorization: `Bearer ${key}` }) },
      body: JSON.stringify(body),
      signal,
    })
    if (response.ok) return response
    await response.body?.cancel()
    const { status } = response
    // Too busy, or broken for a moment. What is wrong with the request, the key or the model stays so.
    const passing = status === 408 || status === 429 || status >= 500
    throw new ProviderError(`${name} answered with HTTP ${status}.`, { passing })
  }

  async function* parts(response: Response, watch: () => void): AsyncGenerator<CompletionPart, void> {
    if (!response.body) throw new ProviderError(`${name} answered with nothing.`, { passing: true })
    const events = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())
    for await (const { data } of events) {
      watch()
      if (data === '[DONE]') return
      const { choices, usage: used, error } = chunk.parse(JSON.parse(data))
      if (error != null) throw new ProviderError(`${name} broke off.`, { passing: true, cause: error })
      const text = choices[0]?.delta?.content ?? ''
      if (text !== '') yield { text }
      if (used != null) yield { usage: { inputTokens: used.prompt_tokens, outputTokens: used.completion_tokens } }
    }
    // The protocol ends with a mark; without it, something between us was cut.
    throw new ProviderError(`${name} broke off.`, { passing: true })
  }

  return {
    name,
    models: modelsOf(endpoint),

    embed: async (model, texts, signal) => {
      try {
        const limit = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
        const response = await post('/embeddings', { model: nameOf(model), input: texts }, limit)
        const { data, usage: used } = embeddings.parse(await response.json())
        const vectors = data.toSorted((one, other) => one.index - other.index).map(({ embedding }) => embedding)
        if (vectors.length !== texts.length) throw new Error(`${vectors.length} vectors for ${texts.length} texts`)
        return {
          value: vectors.map(normalized),
          usage: used && { inputTokens: used.prompt_tokens, outputTokens: 0 },
        }
      } catch (cause) {
        throw lost(cause)
      }
    },

    complete: async function* (model, request, signal) {
      const silence = new AbortController()
      const giveUp = (): void => silence.abort(new Error(`silent for ${patienceMs} ms`))
      const timer = setTimeout(giveUp, patienceMs)
      try {
        const body = {
          model: nameOf(model),
          messages: messagesOf(request),
          max_tokens: request.maxTokens,
          stream: true,
          stream_options: { include_usage: true },
        }
        const response = await post('/chat/completions', body, AbortSignal.any([signal, silence.signal]))
        yield* parts(response, () => timer.refresh())
      } catch (cause) {
        throw lost(cause)
      } finally {
        clearTimeout(timer)
      }
    },
  }
}
