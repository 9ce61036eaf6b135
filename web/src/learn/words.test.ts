import { expect, it } from 'vitest'
import { formatDuration } from './words.ts'

it('says how long something takes in hours and minutes, as far as there are any', () => {
  expect([5, 60, 90, 125].map(formatDuration)).toEqual(['5 min', '1 h', '1 h 30 min', '2 h 5 min'])
})
