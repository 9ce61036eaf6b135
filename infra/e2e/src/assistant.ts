import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { signIn } from './client.ts'
import type { System } from './system.ts'

// The model of meanings is loaded when it is first needed.
const patience = { timeout: 90_000, interval: 200 }

const recallOperation = `query ($query: String!) {
  recall(query: $query, first: 3, minScore: 0.2) { score memory { content owner { handle } } }
}`

type Recall = { score: number; memory: { content: string; owner: { handle: string } } }

/** An assistant that remembers, recalls by meaning, and answers with what it recalled. */
export const describeAssistant = (running: () => System): void => {
  describe('an assistant', () => {
    it('remembers facts, recalls them by meaning, and answers from them, token by token', async () => {
      const system = running()
      const [ada, bob] = await Promise.all([signIn(system, 'ada'), signIn(system, 'bob')])
      const added = await ada.listen(
        'memorai',
        'subscription { memoryAdded(kinds: [FACT]) { content owner { handle } } }',
      )
      const room = `room ${randomUUID().slice(0, 8)}`
      const fact = `The workshop about federation takes place in ${room} on Thursday afternoon.`
      const { errors, data } = await ada.ask(
        `mutation ($input: RememberManyInput!) { rememberMany(input: $input) { id } }`,
        {
          input: {
            memories: [
              { content: fact, tags: ['workshop'] },
              { content: 'The bicycle has a flat tyre.' },
              { content: 'Lunch with Carol is always on me.', kind: 'PREFERENCE' },
            ],
            idempotencyKey: randomUUID(),
          },
        },
      )
      expect(errors).toEqual([])
      expect(data.rememberMany).toHaveLength(3)
      // The stream carries a field of another service: the owner's handle belongs to logai.
      const told = await added.until((event) => event.memoryAdded?.content === fact)
      expect(told.memoryAdded.owner).toEqual({ handle: 'ada' })
      added.stop()

      const question = 'Where and when do I teach people about the graph?'
      let recalled: Recall[] = []
      await expect
        .poll(async () => {
          recalled = ((await ada.ask(recallOperation, { query: 'In which room is the federation workshop?' })).data
            ?.recall ?? []) as Recall[]
          return recalled[0]?.memory.content
        }, patience)
        .toBe(fact)
      expect(recalled[0]?.memory.owner).toEqual({ handle: 'ada' })
      const others = await bob.ask(recallOperation, { query: fact })
      expect(JSON.stringify(others.data)).not.toContain(room)

      const asked = await ada.ask('mutation ($input: CompleteInput!) { complete(input: $input) { id status } }', {
        input: {
          prompt: question,
          context: recalled.map(({ memory }) => memory.content),
          idempotencyKey: randomUUID(),
        },
      })
      expect(asked.errors).toEqual([])
      const { id } = asked.data.complete as { id: string }
      const answer = await ada.listen(
        'fabricai',
        `subscription ($inference: ID!) {
          completion(inference: $inference) { position kind text inference { owner { handle } } }
        }`,
        { inference: id },
      )
      const done = await answer.until((event) => event.completion?.kind === 'DONE')
      expect(done.completion.inference.owner).toEqual({ handle: 'ada' })
      const events = answer.all.filter((event) => event.completion).map((event) => event.completion)
      expect(events[0]).toMatchObject({ position: 1, kind: 'STARTED' })
      const tokens = events.filter(({ kind }) => kind === 'TOKEN').map(({ text }) => text as string)
      expect(tokens.length).toBeGreaterThan(5)
      expect(tokens.join('')).toContain(room)
      answer.stop()
      const { inference } = (await ada.ask('query ($id: ID!) { inference(id: $id) { status output } }', { id })).data
      expect(inference).toEqual({ status: 'SUCCEEDED', output: tokens.join('') })
      expect((await bob.ask('query ($id: ID!) { inference(id: $id) { output } }', { id })).data).toEqual({
        inference: null,
      })
    }, 150_000)
  })
}
