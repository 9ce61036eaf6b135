import type { Resolvers } from '../.generated/studiai.ts'
import { badInput, connection, maySee, position, requireId, requireUser, searchedWords } from '../_kit/index.ts'
import type { Position } from '../_kit/index.ts'
import { readCertificateNumber } from './certificates.ts'
import { courseResolvers } from './course-resolvers.ts'
import type { CourseRecord } from './courses-store.ts'
import { enrollmentResolvers } from './enrollment-resolvers.ts'
import type { EnrollmentRecord } from './enrollments-store.ts'
import { visibleCourse, visibleEnrollment } from './views.ts'

const longestSearch = 200

const byPublication = ({ publishedAt, createdAt, id }: CourseRecord): Position => [
  (publishedAt ?? createdAt).getTime(),
  id,
]

export const resolvers: Resolvers = {
  Query: {
    courses: (_, { search, level, ...page }, { service }) => {
      if (search != null && search.length > longestSearch) {
        throw badInput(`A search has at most ${longestSearch} characters.`, { field: 'search' })
      }
      const words = searchedWords(search)
      return connection(page, {
        position,
        positionOf: byPublication,
        fetch: (limit, after) => service.store.courses.published(words, level ?? undefined, { limit, after }),
      })
    },
    course: async (_, { id }, context) => visibleCourse(context, await context.loaders.course.load(id)),
    certificate: (_, { number: typed }, { loaders }) => {
      const number = readCertificateNumber(typed)
      return number === undefined ? null : loaders.certificate.load(number)
    },
    enrollment: async (_, { id }, context) => visibleEnrollment(context, await context.loaders.enrollment.load(id)),
  },

  Mutation: {
    createCourse: (_, { input }, context) => context.service.teaching.createCourse(requireUser(context), input),
    updateCourse: (_, { input }, context) => context.service.teaching.updateCourse(requireUser(context), input),
    addLesson: (_, { input }, context) => context.service.teaching.addLesson(requireUser(context), input),
    updateLesson: (_, { input }, context) => context.service.teaching.updateLesson(requireUser(context), input),
    removeLesson: (_, { lesson }, context) => context.service.teaching.removeLesson(requireUser(context), lesson),
    publishCourse: (_, { course }, context) => context.service.teaching.publishCourse(requireUser(context), course),
    retireCourse: (_, { course }, context) => context.service.teaching.retireCourse(requireUser(context), course),
    enroll: (_, { course }, context) => context.service.learning.enroll(requireUser(context), course),
    completeLesson: (_, { lesson }, context) => context.service.learning.completeLesson(requireUser(context), lesson),
    submitQuiz: (_, { input }, context) => context.service.learning.submitQuiz(requireUser(context), input),
    rateCourse: (_, { input }, context) => context.service.learning.rateCourse(requireUser(context), input),
  },

  Subscription: {
    enrollmentProgress: {
      subscribe: (_, { enrollment }, context) =>
        context.service.live.listen(requireId('Enrollment', enrollment), ({ student }) => maySee(context, student)),
      resolve: (enrollment: EnrollmentRecord) => enrollment,
    },
  },

  ...courseResolvers,
  ...enrollmentResolvers,
}
