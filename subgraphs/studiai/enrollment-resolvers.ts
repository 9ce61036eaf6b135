import type { Resolvers } from '../.generated/studiai.ts'
import { creationPage, maySee, notFound, requireMaySee } from '../_kit/index.ts'
import { readCertificateNumber } from './certificates.ts'
import type { Context } from './context.ts'
import type { EnrollmentRecord } from './enrollments-store.ts'
import { tasksOf } from './learning.ts'
import type { LessonRecord } from './lessons-store.ts'
import { isDone } from './progress.ts'
import { courseOf, visibleEnrollment } from './views.ts'

/** A person, of whom only the key is known here. */
export type UserRecord = { id: string }

const lessonsOf = ({ loaders }: Context, { course }: EnrollmentRecord): Promise<readonly LessonRecord[]> =>
  loaders.lessonsOfCourse.load(course)

/** How enrollments, certificates and their people answer. */
export const enrollmentResolvers: Pick<Resolvers, 'User' | 'Enrollment' | 'QuizResult' | 'Certificate'> = {
  User: {
    __resolveReference: ({ id }) => ({ id }),
    enrollments: ({ id }, args, context) => {
      requireMaySee(context, id, 'their enrollments')
      return creationPage(args, (part) => context.service.store.enrollments.ofStudent(id, part))
    },
    teaches: ({ id }, args, context) =>
      creationPage(args, (part) => context.service.store.courses.taughtBy(id, maySee(context, id), part)),
  },

  Enrollment: {
    __resolveReference: async ({ id }, context) =>
      visibleEnrollment(context, await context.loaders.enrollment.load(id)),
    student: ({ student }) => ({ id: student }),
    course: ({ course }, _, context) => courseOf(context, course),
    status: ({ certificate }) => (certificate ? 'COMPLETED' : 'ACTIVE'),
    completedLessons: async (enrollment, _, context) =>
      (await lessonsOf(context, enrollment)).filter(({ id }) => enrollment.completed.includes(id)),
    nextLesson: async (enrollment, _, context) => {
      const lessons = await lessonsOf(context, enrollment)
      const next = tasksOf(lessons).findIndex((task) => !isDone(enrollment, task))
      return lessons[next] ?? null
    },
    quizResults: async (enrollment, _, context) =>
      (await lessonsOf(context, enrollment)).flatMap(({ id }) =>
        enrollment.quizzes.filter(({ lesson }) => lesson === id).map((tries) => ({ ...tries, enrollment })),
      ),
    certificate: ({ certificate, student, course }) => certificate && { ...certificate, student, course },
    completedAt: ({ certificate }) => certificate?.issuedAt ?? null,
  },

  QuizResult: {
    lesson: async ({ lesson: id, enrollment }, _, context) => {
      const lesson = (await lessonsOf(context, enrollment)).find((other) => other.id === id)
      if (!lesson) throw notFound('Lesson', id)
      return lesson
    },
    isPassed: ({ passedAt }) => passedAt !== undefined,
    passedAt: ({ passedAt }) => passedAt ?? null,
  },

  Certificate: {
    __resolveReference: ({ number }, { loaders }) => {
      const known = readCertificateNumber(number)
      return known === undefined ? null : loaders.certificate.load(known)
    },
    student: ({ student }) => ({ id: student }),
    course: ({ course }, _, context) => courseOf(context, course),
  },
}
