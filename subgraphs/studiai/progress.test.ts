import { array, assert, boolean, integer, property, record } from 'fast-check'
import { expect, it } from 'vitest'
import { certificateNumberOf, newCertificateNumber, readCertificateNumber } from './certificates.ts'
import type { QuizDocument, QuizTries } from './models.ts'
import { isFinished, progressOf, scoreOf, waitMs, withTry } from './progress.ts'
import type { Task, Way } from './progress.ts'

const noon = new Date('2026-06-01T12:00:00.000Z')
const minutesLater = (minutes: number): Date => new Date(noon.getTime() + minutes * 60_000)

const lessons = (count: number, isQuiz: (index: number) => boolean): Task[] =>
  Array.from({ length: count }, (_, index) => ({ id: `lesson-${index}`, hasQuiz: isQuiz(index) }))

it('progress never falls and ends at 100 with everything done, whatever happens in whatever order', () => {
  const step = record({ lesson: integer({ min: 0, max: 9 }), score: integer({ min: 0, max: 100 }), isQuiz: boolean() })
  assert(
    property(array(step, { maxLength: 60 }), array(integer({ min: 1, max: 10 }), { minLength: 60 }), (steps, sizes) => {
      let way: Way = { completed: [], quizzes: [], progress: 0 }
      let size = 1
      for (const [index, { lesson, score, isQuiz }] of steps.entries()) {
        // Lessons are added, and never removed.
        size = Math.max(size, sizes[index] ?? 1)
        const tasks = lessons(size, (place) => place % 3 === 0)
        const task = tasks[lesson % size]
        if (!task) continue
        const earlier = way.quizzes.find((tries) => tries.lesson === task.id)
        const next =
          isQuiz && task.hasQuiz
            ? {
                ...way,
                quizzes: [
                  ...way.quizzes.filter((tries) => tries !== earlier),
                  withTry(earlier, task.id, { score, passingScore: 80 }, noon),
                ],
              }
            : { ...way, completed: [...new Set([...way.completed, task.id])] }
        const progress = progressOf(next, tasks)
        expect(progress).toBeGreaterThanOrEqual(way.progress)
        expect(progress).toBeLessThanOrEqual(100)
        if (isFinished(next, tasks)) expect(progress).toBe(100)
        way = { ...next, progress }
      }
    }),
  )
})

it('a course without lessons is not finished', () => {
  expect(isFinished({ completed: [], quizzes: [], progress: 0 }, [])).toBe(false)
})

const quiz: QuizDocument = {
  passingScore: 80,
  questions: [
    { text: 'One?', options: ['a', 'b'], correctOptions: [1] },
    { text: 'Two?', options: ['a', 'b', 'c'], correctOptions: [1, 3] },
    { text: 'Three?', options: ['a', 'b'], correctOptions: [2] },
  ],
}
const answered = (...chosen: number[][]) => chosen.map((options, index) => ({ question: index + 1, options }))

it('a question counts when exactly its right options are given', () => {
  expect(scoreOf(quiz, answered([1], [3, 1, 1], [2]))).toBe(100)
  expect(scoreOf(quiz, answered([1], [1], [2]))).toBe(66)
  expect(scoreOf(quiz, answered([1, 2], [1, 2, 3], [1]))).toBe(0)
  expect(scoreOf(quiz, answered([], [], []))).toBe(0)
})

it('a quiz can be tried again when less than five tries are of the last hour', () => {
  let tries: QuizTries | undefined
  for (let minute = 0; minute < 5; minute += 1) {
    expect(waitMs(tries, minutesLater(minute))).toBe(0)
    tries = withTry(tries, 'lesson', { score: 0, passingScore: 80 }, minutesLater(minute))
  }
  expect(waitMs(tries, minutesLater(10))).toBe(50 * 60_000)
  expect(waitMs(tries, minutesLater(60))).toBe(0)
  tries = withTry(tries, 'lesson', { score: 50, passingScore: 80 }, minutesLater(60))
  expect(waitMs(tries, minutesLater(60))).toBe(60_000)
  expect(tries).toMatchObject({ attempts: 6, bestScore: 50 })
})

it('what was passed stays passed', () => {
  const passed = withTry(undefined, 'lesson', { score: 80, passingScore: 80 }, noon)
  const later = withTry(passed, 'lesson', { score: 10, passingScore: 80 }, minutesLater(1))
  expect(later).toMatchObject({ score: 10, bestScore: 80, passedAt: noon })
})

it('certificate numbers are told from mistyped ones', () => {
  const number = newCertificateNumber()
  expect(number).toMatch(/^STU(-[0-9A-HJKMNP-TV-Z]{4}){3}-[0-9A-HJKMNP-TV-Z]$/)
  expect(readCertificateNumber(number.toLowerCase().replaceAll('-', ''))).toBe(number)
  const misread = certificateNumberOf('001110123456')
  expect(readCertificateNumber(misread.replaceAll('0', 'o').replaceAll('1', 'l'))).toBe(misread)
  // Every mistake in one place is found.
  for (let place = 4; place < number.length; place += 1) {
    if (number[place] === '-') continue
    const other = number[place] === '7' ? '8' : '7'
    expect(readCertificateNumber(`${number.slice(0, place)}${other}${number.slice(place + 1)}`)).toBeUndefined()
  }
  expect(new Set(Array.from({ length: 1_000 }, newCertificateNumber)).size).toBe(1_000)
})
