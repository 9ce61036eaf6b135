import { badInput, codedError, forbidden, notFound, requireId } from '../_kit/index.ts'
import type { Platform, Watch } from '../_kit/index.ts'
import type { RateCourseInput, SubmitQuizInput } from '../.generated/studiai.ts'
import { newCertificateNumber } from './certificates.ts'
import type { CourseRecord } from './courses-store.ts'
import type { EnrollmentRecord } from './enrollments-store.ts'
import type { LessonRecord } from './lessons-store.ts'
import type { QuizTries } from './models.ts'
import { isFinished, progressOf, scoreOf, waitMs, withTry } from './progress.ts'
import type { Task, Way } from './progress.ts'
import type { Store } from './store.ts'

/** How somebody did in a quiz. */
export type QuizResultRecord = QuizTries & { enrollment: EnrollmentRecord }

/** What there is to do of lessons. */
export const tasksOf = (lessons: readonly LessonRecord[]): Task[] =>
  lessons.map(({ id, quiz }) => ({ id, hasQuiz: quiz !== undefined }))

/** Learning: enrolling, and every step up to the certificate. */
export const createLearning = ({ store, live }: { store: Store; live: Watch<EnrollmentRecord> }, { now }: Platform) => {
  const { courses, lessons, enrollments } = store

  const requireCourse = async (given: string): Promise<CourseRecord> => {
    const id = requireId('Course', given)
    const [course] = await courses.byIds([id])
    if (!course || course.status === 'DRAFT') throw notFound('Course', id)
    return course
  }

  const requireEnrollment = async (student: string, course: string): Promise<EnrollmentRecord> => {
    const [enrollment] = await enrollments.by(student, [course])
    if (!enrollment) throw forbidden('Enroll in the course first.')
    return enrollment
  }

  /** A lesson of a course in which a person is enrolled. */
  const requireLesson = async (
    student: string,
    given: string,
  ): Promise<{ lesson: LessonRecord; enrollment: EnrollmentRecord }> => {
    const id = requireId('Lesson', given)
    const [lesson] = await lessons.byIds([id])
    if (!lesson || (lesson.courseStatus === 'DRAFT' && lesson.teacher !== student)) throw notFound('Lesson', id)
    return { lesson, enrollment: await requireEnrollment(student, lesson.course) }
  }

  /** Writes a step, with the progress that it makes and, when it was the last one, the certificate. */
  const advance = async (
    { id, course }: EnrollmentRecord,
    step: (enrollment: EnrollmentRecord) => Pick<Way, 'completed'> | Pick<Way, 'quizzes'> | undefined,
  ): Promise<EnrollmentRecord> => {
    const [[about], all] = await Promise.all([courses.byIds([course]), lessons.ofCourses([course])])
    const tasks = tasksOf(all)
    const at = now()
    const { enrollment, isChanged } = await enrollments.change(id, (before) => {
      const change = step(before)
      if (!change) return undefined
      const way = { ...before, ...change }
      const issues = before.certificate === undefined && isFinished(way, tasks)
      return {
        ...change,
        progress: progressOf(way, tasks),
        ...(issues && {
          certificate: { number: newCertificateNumber(), courseTitle: about?.title ?? '', issuedAt: at },
        }),
      }
    })
    if (isChanged) await live.changed(id)
    return enrollment
  }

  return {
    /** Enrolls a person; a second time gives the same enrollment. CONFLICT when the course is not offered any more. */
    enroll: async (student: string, given: string): Promise<EnrollmentRecord> => {
      const { id: course, teacher, status } = await requireCourse(given)
      if (teacher === student) throw badInput('You teach this course yourself.', { field: 'course' })
      const [enrolled] = await enrollments.by(student, [course])
      if (enrolled) return enrolled
      if (status !== 'PUBLISHED') throw codedError('CONFLICT', 'The course is not offered any more.')
      await enrollments.insert({ course, student, completed: [], quizzes: [], progress: 0, createdAt: now() })
      return requireEnrollment(student, course)
    },

    completeLesson: async (student: string, given: string): Promise<EnrollmentRecord> => {
      const { lesson, enrollment } = await requireLesson(student, given)
      return advance(enrollment, ({ completed }) =>
        completed.includes(lesson.id) ? undefined : { completed: [...completed, lesson.id] },
      )
    },

    /** Answers a quiz. RATE_LIMITED when it was tried too often of late, and is not passed. */
    submitQuiz: async (student: string, { lesson: given, answers }: SubmitQuizInput): Promise<QuizResultRecord> => {
      const { lesson, enrollment } = await requireLesson(student, given)
      const { quiz } = lesson
      if (!quiz) throw badInput('This lesson has no quiz.', { field: 'lesson' })
      const score = scoreOf(quiz, answers)
      const of = ({ quizzes }: Way): QuizTries | undefined => quizzes.find((tries) => tries.lesson === lesson.id)
      const tried = await advance(enrollment, (before) => {
        const earlier = of(before)
        const milliseconds = earlier?.passedAt ? 0 : waitMs(earlier, now())
        if (milliseconds > 0) {
          const minutes = Math.ceil(milliseconds / 60_000)
          throw codedError('RATE_LIMITED', `Read the lesson once more, and try again in ${minutes} minutes.`, {
            retryAfterSeconds: Math.ceil(milliseconds / 1_000),
          })
        }
        const { passingScore } = quiz
        const next = withTry(earlier, lesson.id, { score, passingScore }, now())
        return { quizzes: [...before.quizzes.filter((tries) => tries !== earlier), next] }
      })
      const tries = of(tried)
      if (!tries) throw new Error(`The try in the quiz of ${lesson.id} was not written.`)
      return { ...tries, enrollment: tried }
    },

    /** Says how good a course is; a second time replaces the first. */
    rateCourse: async (student: string, { course: given, rating }: RateCourseInput): Promise<CourseRecord> => {
      if (rating < 1 || rating > 5) throw badInput('Stars are 1 to 5.', { field: 'rating' })
      const course = await requireCourse(given)
      const { id } = await requireEnrollment(student, course.id)
      await enrollments.change(id, (before) => (before.rating === rating ? undefined : { rating }))
      return course
    },
  }
}
