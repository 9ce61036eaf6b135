import { expect, it } from 'vitest'
import { asQuestion, pastTurns } from './conversation.ts'

it('tells what was said before, the oldest first, without what is forgotten', () => {
  const turns = pastTurns([
    { id: 'b', input: 'What do I drink?\n\nAda likes tea.', output: 'Tea.' },
    { id: 'forgotten', input: null, output: null },
    { id: 'a', input: 'Who am I?', output: 'Ada.' },
  ])
  expect(turns.map((turn) => ('text' in turn ? turn.text : turn.kind))).toEqual([
    'Who am I?',
    'Ada.',
    'What do I drink?',
    'Tea.',
  ])
})

it('keeps a question in one paragraph', () => {
  expect(asQuestion('  What\n\n\ndo I drink?  ')).toBe('What\ndo I drink?')
})
