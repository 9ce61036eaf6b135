import { expect, vi } from 'vitest'
import type { Answer, LiveStream, TestClient } from '../_kit/testing/index.ts'

/** Generous, as machines under load are slow. */
export const patience = { timeout: 100_000, interval: 100 }

/** For test files that need the model of meanings, which is loaded by the first of them that asks. */
export const slowly = { testTimeout: 120_000, hookTimeout: 120_000 }

export type Event = { position: number; kind: string; text: string | null; inference?: { status: string } }

export type Inference = {
  id: string
  status: string
  input: string | null
  output: string | null
  failureReason: string | null
  model: { id: string } | null
  inputTokens: number
  outputTokens: number
  cost: string
}

const inferenceFields = 'id status input output failureReason model { id } inputTokens outputTokens cost'

/** What was answered without an error. */
export const accepted = async (asked: Promise<Answer>): Promise<Answer['data']> => {
  const { data, errors } = await asked
  expect(errors).toBeUndefined()
  return data
}

export const completeOperation = `mutation ($input: CompleteInput!) { complete(input: $input) { ${inferenceFields} } }`

/** Asks for an answer. */
export const complete = async (client: TestClient, input: Record<string, unknown>): Promise<Inference> =>
  (await accepted(client.query(completeOperation, { input }))).complete as Inference

/** An inference as it is now. */
export const inferenceOf = async (client: TestClient, id: string): Promise<Inference | null> =>
  (await accepted(client.query(`query ($id: ID!) { inference(id: $id) { ${inferenceFields} } }`, { id })))
    .inference as Inference | null

/** An inference when it is finished. */
export const finished = (client: TestClient, id: string): Promise<Inference> =>
  vi.waitFor(async () => {
    const inference = await inferenceOf(client, id)
    if (!inference || inference.status === 'RUNNING') throw new Error('The answer is not finished.')
    return inference
  }, patience)

/** Has the model of meanings loaded, so that what follows comes soon. */
export const warmUp = async (client: TestClient): Promise<void> => {
  await accepted(client.query('mutation { embed(input: { texts: ["ready?"] }) { dimensions } }'))
}

/** Listens to an answer. */
export const listen = (client: TestClient, inference: string, after?: number): Promise<LiveStream> =>
  client.subscribe(
    `subscription ($inference: ID!, $after: Int) {
      completion(inference: $inference, after: $after) { position kind text inference { status } }
    }`,
    { inference, after },
  )

/** The next event of an answer. */
export const nextEvent = async (stream: LiveStream): Promise<Event> =>
  (await accepted(stream.next())).completion as Event

/** All events of an answer to its end; the stream then ends by itself. */
export const allEvents = async (stream: LiveStream): Promise<Event[]> => {
  const events: Event[] = []
  for (;;) {
    const event = await nextEvent(stream)
    events.push(event)
    if (event.kind === 'DONE' || event.kind === 'FAILED') break
  }
  await stream.ended()
  await stream.stop()
  return events
}

/** What the pieces since the last beginning say together. */
export const textOf = (events: readonly Event[]): string => {
  const from = Math.max(...events.map(({ kind }, index) => (kind === 'STARTED' || kind === 'RESTARTED' ? index : 0)))
  return events
    .slice(from)
    .filter(({ kind }) => kind === 'TOKEN')
    .map(({ text }) => text ?? '')
    .join('')
}
