import { expect, it } from 'vitest'
import { unanswered, withEvent } from './answer-text.ts'
import type { Answer, AnswerEvent } from './answer-text.ts'

const after = (...events: readonly AnswerEvent[]): Answer => events.reduce(withEvent, unanswered)
const token = (position: number, text: string): AnswerEvent => ({ position, kind: 'TOKEN', text })
const started: AnswerEvent = { position: 1, kind: 'STARTED', text: null }

it('grows token by token', () => {
  expect(after(started, token(2, 'Tea,'), token(3, ' please'))).toMatchObject({ text: 'Tea, please', state: 'writing' })
})

it('is the same when its events are told again from the beginning', () => {
  const events = [started, token(2, 'Tea'), { position: 3, kind: 'DONE', text: null } as const]
  expect(after(...events, ...events)).toEqual(after(...events))
})

it('begins anew when the model was lost in the middle', () => {
  const restarted: AnswerEvent = { position: 3, kind: 'RESTARTED', text: null }
  expect(after(started, token(2, 'Cof'), restarted, token(4, 'Tea')).text).toBe('Tea')
})

it('says why nobody answered', () => {
  expect(after(started, { position: 2, kind: 'FAILED', text: 'All models are down.' })).toMatchObject({
    text: 'All models are down.',
    state: 'failed',
  })
})
