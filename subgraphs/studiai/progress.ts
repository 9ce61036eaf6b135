import { badInput } from '../_kit/index.ts'
import type { EnrollmentDocument, QuizDocument, QuizTries } from './models.ts'

const hourMs = 3_600_000
const triesAnHour = 5

/** What of a lesson there is to do. */
export type Task = { id: string; hasQuiz: boolean }

/** What somebody has done of a course. */
export type Way = Pick<EnrollmentDocument, 'completed' | 'quizzes' | 'progress'>

const hasPassed = ({ quizzes }: Way, lesson: string): boolean =>
  quizzes.some((tries) => tries.lesson === lesson && tries.passedAt !== undefined)

/** Whether a lesson is completed, and its quiz passed where it has one. */
export const isDone = (way: Way, { id, hasQuiz }: Task): boolean =>
  way.completed.includes(id) && (!hasQuiz || hasPassed(way, id))

/** How far somebody is, in percent of all lessons and quizzes, rounded down; never less than before. */
export const progressOf = (way: Way, tasks: readonly Task[]): number => {
  const quizzes = tasks.filter(({ hasQuiz }) => hasQuiz)
  const total = tasks.length + quizzes.length
  const completed = tasks.filter(({ id }) => way.completed.includes(id)).length
  const passed = quizzes.filter(({ id }) => hasPassed(way, id)).length
  const now = total === 0 ? 0 : Math.floor(((completed + passed) * 100) / total)
  return Math.max(way.progress, now)
}

/** Whether every lesson is completed and every quiz passed. A course without lessons cannot be finished. */
export const isFinished = (way: Way, tasks: readonly Task[]): boolean =>
  tasks.length > 0 && tasks.every((task) => isDone(way, task))

/** An answer to a question; both count from 1. */
export type QuizAnswer = { question: number; options: readonly number[] }

/** How much of a quiz is right, in percent, rounded down. BAD_USER_INPUT unless each question is answered once. */
export const scoreOf = ({ questions }: QuizDocument, answers: readonly QuizAnswer[]): number => {
  const given = new Map(answers.map(({ question, options }) => [question, new Set(options)]))
  if (given.size !== answers.length || given.size !== questions.length) {
    throw badInput('Answer each question once.', { field: 'answers' })
  }
  const right = questions.filter(({ options, correctOptions }, index) => {
    const chosen = given.get(index + 1)
    if (!chosen) throw badInput(`Question ${index + 1} is not answered.`, { field: 'answers' })
    if ([...chosen].some((option) => option < 1 || option > options.length)) {
      throw badInput(`Question ${index + 1} has the options 1 to ${options.length}.`, { field: 'answers' })
    }
    return chosen.size === correctOptions.length && correctOptions.every((option) => chosen.has(option))
  })
  return Math.floor((right.length * 100) / questions.length)
}

/** The tries that count for the limit of an hour. */
const recent = ({ triedAt }: QuizTries, now: Date): Date[] =>
  triedAt.filter((at) => now.getTime() - at.getTime() < hourMs)

/** In how many milliseconds a quiz can be tried again; 0 when it can be now. */
export const waitMs = (tries: QuizTries | undefined, now: Date): number => {
  const [oldest, ...others] = tries ? recent(tries, now).slice(-triesAnHour) : []
  if (!oldest || others.length < triesAnHour - 1) return 0
  return oldest.getTime() + hourMs - now.getTime()
}

/** The tries in a quiz with one more. What was passed stays passed. */
export const withTry = (
  before: QuizTries | undefined,
  lesson: string,
  { score, passingScore }: { score: number; passingScore: number },
  now: Date,
): QuizTries => {
  const passedAt = before?.passedAt ?? (score >= passingScore ? now : undefined)
  return {
    lesson,
    score,
    bestScore: Math.max(before?.bestScore ?? 0, score),
    attempts: (before?.attempts ?? 0) + 1,
    triedAt: [...(before ? recent(before, now) : []), now],
    ...(passedAt && { passedAt }),
  }
}
