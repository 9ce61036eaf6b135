import { actingUser, maySee, notFound } from '../_kit/index.ts'
import type { Context } from './context.ts'
import type { CourseRecord } from './courses-store.ts'
import type { EnrollmentRecord } from './enrollments-store.ts'
import type { LessonRecord, PlacedLesson } from './lessons-store.ts'
import type { QuestionDocument, QuizDocument } from './models.ts'

/** A quiz as its reader gets it; with the answers only for who has passed it, and for the teacher. */
export type QuizRecord = QuizDocument & { withAnswers: boolean }

/** A question as its reader gets it. */
export type QuizQuestionRecord = QuestionDocument & { number: number; withAnswers: boolean }

/** A course, if the caller may see it; else null, as if it did not exist. */
export const visibleCourse = (context: Context, course: CourseRecord | null): CourseRecord | null =>
  course && (course.status !== 'DRAFT' || maySee(context, course.teacher)) ? course : null

/** A lesson, if the caller may see its course; else null. */
export const visibleLesson = (context: Context, lesson: PlacedLesson | null): LessonRecord | null =>
  lesson && (lesson.courseStatus !== 'DRAFT' || maySee(context, lesson.teacher)) ? lesson : null

/** An enrollment, if the caller may see what belongs to its student; else null. */
export const visibleEnrollment = (context: Context, enrollment: EnrollmentRecord | null): EnrollmentRecord | null =>
  enrollment && maySee(context, enrollment.student) ? enrollment : null

/** A course that something refers to. Courses are never removed. */
export const courseOf = async ({ loaders }: Context, id: string): Promise<CourseRecord> => {
  const course = await loaders.course.load(id)
  if (!course) throw notFound('Course', id)
  return course
}

/** The place of a lesson in its course, counted from 1. */
export const positionOf = async ({ loaders }: Context, { id, course }: LessonRecord): Promise<number> =>
  (await loaders.lessonsOfCourse.load(course)).findIndex((lesson) => lesson.id === id) + 1

/** Whether the caller teaches a lesson, or learns from it. */
const isInCourse = async (context: Context, { course, teacher }: LessonRecord): Promise<boolean> =>
  actingUser(context) === teacher || (await context.loaders.viewerEnrollment.load(course)) !== null

/** The text of a lesson; null for whoever may not read it. */
export const textOf = async (context: Context, lesson: LessonRecord): Promise<string | null> => {
  const mayRead = (await isInCourse(context, lesson)) || (await positionOf(context, lesson)) === 1
  return mayRead ? context.loaders.text.load(lesson.id) : null
}

/** The quiz of a lesson; null for whoever may not take it. */
export const quizOf = async (context: Context, lesson: LessonRecord): Promise<QuizRecord | null> => {
  const { id, course, teacher, quiz } = lesson
  if (!quiz || !(await isInCourse(context, lesson))) return null
  const enrollment = await context.loaders.viewerEnrollment.load(course)
  const hasPassed = enrollment?.quizzes.some((tries) => tries.lesson === id && tries.passedAt !== undefined) ?? false
  return { ...quiz, withAnswers: hasPassed || actingUser(context) === teacher }
}
