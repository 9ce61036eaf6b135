import type { Resolvers } from '../.generated/studiai.ts'
import { ExactDecimal } from '../_kit/index.ts'
import { courseOf, positionOf, quizOf, textOf, visibleCourse, visibleLesson } from './views.ts'

/** How courses, lessons and quizzes answer. */
export const courseResolvers: Pick<Resolvers, 'Course' | 'Lesson' | 'Quiz' | 'QuizQuestion'> = {
  Course: {
    __resolveReference: async ({ id }, context) => visibleCourse(context, await context.loaders.course.load(id)),
    teacher: ({ teacher }) => ({ id: teacher }),
    tags: ({ tags }) => [...tags],
    lessons: async ({ id }, _, { loaders }) => [...(await loaders.lessonsOfCourse.load(id))],
    lessonCount: async ({ id }, _, { loaders }) => (await loaders.lessonsOfCourse.load(id)).length,
    durationMinutes: async ({ id }, _, { loaders }) =>
      (await loaders.lessonsOfCourse.load(id)).reduce((sum, { durationMinutes }) => sum + durationMinutes, 0),
    enrolledCount: async ({ id }, _, { loaders }) => (await loaders.statistics.load(id))?.enrolled ?? 0,
    rating: async ({ id }, _, { loaders }) => {
      const { stars, ratings } = (await loaders.statistics.load(id)) ?? { stars: 0, ratings: 0 }
      return ratings === 0 ? null : new ExactDecimal(stars).div(ratings).toFixed(1)
    },
    ratingCount: async ({ id }, _, { loaders }) => (await loaders.statistics.load(id))?.ratings ?? 0,
    viewerEnrollment: ({ id }, _, { loaders }) => loaders.viewerEnrollment.load(id),
    publishedAt: ({ publishedAt }) => publishedAt ?? null,
  },

  Lesson: {
    __resolveReference: async ({ id }, context) => visibleLesson(context, await context.loaders.lesson.load(id)),
    course: ({ course }, _, context) => courseOf(context, course),
    position: (lesson, _, context) => positionOf(context, lesson),
    isPreview: async (lesson, _, context) => (await positionOf(context, lesson)) === 1,
    content: (lesson, _, context) => textOf(context, lesson),
    hasQuiz: ({ quiz }) => quiz !== undefined,
    quiz: (lesson, _, context) => quizOf(context, lesson),
    viewerCompleted: async ({ id, course }, _, { loaders }) => {
      const enrollment = await loaders.viewerEnrollment.load(course)
      return enrollment && enrollment.completed.includes(id)
    },
    viewerResult: async ({ id, course }, _, { loaders }) => {
      const enrollment = await loaders.viewerEnrollment.load(course)
      const tries = enrollment?.quizzes.find(({ lesson }) => lesson === id)
      return enrollment && tries ? { ...tries, enrollment } : null
    },
  },

  Quiz: {
    questions: ({ questions, withAnswers }) =>
      questions.map((question, index) => ({ ...question, number: index + 1, withAnswers })),
  },

  QuizQuestion: {
    options: ({ options }) => [...options],
    hasSeveralAnswers: ({ correctOptions }) => correctOptions.length > 1,
    correctOptions: ({ correctOptions, withAnswers }) => (withAnswers ? [...correctOptions] : null),
    explanation: ({ explanation, withAnswers }) => (withAnswers ? (explanation ?? null) : null),
  },
}
