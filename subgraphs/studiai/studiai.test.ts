import { demoPeople } from '../_kit/index.ts'
import { testConformance } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { createPupil } from './school.fixture.ts'
import { demoCertificate, demoCourseId, demoEnrollmentId, demoLessonId } from './seed.ts'
import studiai from './subgraph.ts'

const { ada, carol } = demoPeople
const bookkeeping = demoCourseId('B00KKEEP1NG')
const graphs = demoCourseId('GRAPHS')
const bread = demoCourseId('BREAD')
const draft = demoCourseId('0RDERB00KS')
const draftLesson = demoLessonId('0RDERB00KS', 1)
const graphsQuiz = demoLessonId('GRAPHS', 4)

const tooLong = (length: number): string => 'x'.repeat(length + 1)
const bad = (
  input: Record<string, unknown>,
  changes: readonly (readonly [Record<string, unknown>, string])[],
): { arguments: Record<string, unknown>; code: string }[] =>
  changes.map(([change, code]) => ({ arguments: { input: { ...input, ...change } }, code }))

const course = {
  title: 'Knots',
  summary: 'Eight that hold.',
  level: 'BEGINNER',
  tags: ['ropes'],
  idempotencyKey: 'knots',
}
const badDescriptions = [
  [{ title: ' ' }, 'BAD_USER_INPUT'],
  [{ title: tooLong(120) }, 'BAD_USER_INPUT'],
  [{ summary: tooLong(2_000) }, 'BAD_USER_INPUT'],
  [{ tags: Array.from({ length: 11 }, (_, index) => `tag${index}`) }, 'BAD_USER_INPUT'],
  [{ tags: [tooLong(30)] }, 'BAD_USER_INPUT'],
] as const
const question = { text: 'Which?', options: ['This', 'That'], correctOptions: [1] }
const lesson = { course: bookkeeping, title: 'One more', content: 'Text.', idempotencyKey: 'one more' }
const badLessons = [
  [{ title: '' }, 'BAD_USER_INPUT'],
  [{ content: tooLong(50_000) }, 'BAD_USER_INPUT'],
  [{ durationMinutes: 0 }, 'BAD_USER_INPUT'],
  [{ durationMinutes: 601 }, 'BAD_USER_INPUT'],
  [{ quiz: { questions: [] } }, 'BAD_USER_INPUT'],
  [{ quiz: { questions: Array.from({ length: 21 }, () => question) } }, 'BAD_USER_INPUT'],
  [{ quiz: { questions: [question], passingScore: 0 } }, 'BAD_USER_INPUT'],
  [{ quiz: { questions: [question], passingScore: 101 } }, 'BAD_USER_INPUT'],
  [{ quiz: { questions: [{ ...question, options: ['One'] }] } }, 'BAD_USER_INPUT'],
  [{ quiz: { questions: [{ ...question, correctOptions: [] }] } }, 'BAD_USER_INPUT'],
  [{ quiz: { questions: [{ ...question, correctOptions: [3] }] } }, 'BAD_USER_INPUT'],
] as const

const ownCourse = (world: TestWorld): Promise<string> => createPupil(world, ada).course({ lessons: 1 })

testConformance(studiai, {
  entities: {
    User: { keys: [{ id: ada.id }] },
    Course: { keys: [{ id: bookkeeping }, { id: graphs }] },
    Lesson: { keys: [{ id: demoLessonId('BREAD', 1) }] },
    Enrollment: { keys: [{ id: demoEnrollmentId('GRAPHS', 'ada') }], visibleTo: ada },
    Certificate: { keys: [{ number: demoCertificate }] },
  },
  mutations: {
    createCourse: {
      arguments: { input: course },
      stranger: 'OWN',
      bad: bad({ ...course, idempotencyKey: 'bad' }, [
        ...badDescriptions,
        [{ idempotencyKey: '' }, 'BAD_USER_INPUT'],
        [{ idempotencyKey: tooLong(100) }, 'BAD_USER_INPUT'],
      ]),
    },
    updateCourse: {
      arguments: { input: { course: bookkeeping, title: 'Bookkeeping, gently' } },
      stranger: 'FORBIDDEN',
      bad: bad({ course: bookkeeping }, [...badDescriptions, [{ course: 'unknown' }, 'NOT_FOUND']]),
    },
    addLesson: {
      arguments: { input: { ...lesson, quiz: { questions: [question] } } },
      stranger: 'FORBIDDEN',
      bad: bad({ ...lesson, idempotencyKey: 'bad' }, [
        ...badLessons,
        [{ course: 'unknown' }, 'NOT_FOUND'],
        [{ course: bread }, 'FORBIDDEN'],
        [{ idempotencyKey: '' }, 'BAD_USER_INPUT'],
      ]),
    },
    updateLesson: {
      arguments: { input: { lesson: draftLesson, title: 'Bids, asks' } },
      stranger: 'NOT_FOUND',
      bad: bad({ lesson: draftLesson }, [...badLessons, [{ lesson: 'unknown' }, 'NOT_FOUND']]),
    },
    removeLesson: {
      arguments: async (world) => {
        const pupil = createPupil(world, ada)
        return { lesson: await pupil.lesson(await pupil.course({ lessons: 0 })) }
      },
      stranger: 'NOT_FOUND',
      bad: [
        { arguments: { lesson: demoLessonId('B00KKEEP1NG', 1) }, code: 'CONFLICT' },
        { arguments: { lesson: demoLessonId('BREAD', 1) }, code: 'FORBIDDEN' },
        { arguments: { lesson: 'unknown' }, code: 'NOT_FOUND' },
      ],
    },
    publishCourse: {
      arguments: async (world) => ({ course: await ownCourse(world) }),
      stranger: 'NOT_FOUND',
      bad: [
        { arguments: { course: 'unknown' }, code: 'NOT_FOUND' },
        { arguments: { course: bread }, code: 'FORBIDDEN' },
        {
          arguments: async (world) => ({ course: await createPupil(world, ada).course({ lessons: 0 }) }),
          code: 'CONFLICT',
        },
      ],
    },
    retireCourse: {
      arguments: async (world) => ({ course: await createPupil(world, ada).published({ lessons: 1 }) }),
      stranger: 'FORBIDDEN',
      bad: [
        { arguments: { course: draft }, code: 'CONFLICT' },
        { arguments: { course: 'unknown' }, code: 'NOT_FOUND' },
      ],
    },
    enroll: {
      arguments: { course: bread },
      stranger: 'OWN',
      bad: [
        { arguments: { course: bookkeeping }, code: 'BAD_USER_INPUT' },
        { arguments: { course: draft }, code: 'NOT_FOUND' },
        { arguments: { course: 'unknown' }, code: 'NOT_FOUND' },
      ],
    },
    completeLesson: {
      as: carol,
      arguments: { lesson: demoLessonId('B00KKEEP1NG', 3) },
      stranger: 'OWN',
      bad: [
        { arguments: { lesson: demoLessonId('GRAPHS', 1) }, code: 'FORBIDDEN' },
        { arguments: { lesson: draftLesson }, code: 'NOT_FOUND' },
        { arguments: { lesson: 'unknown' }, code: 'NOT_FOUND' },
      ],
    },
    submitQuiz: {
      arguments: {
        input: {
          lesson: graphsQuiz,
          answers: [
            { question: 1, options: [2] },
            { question: 2, options: [2] },
          ],
        },
      },
      stranger: 'FORBIDDEN',
      bad: bad({ lesson: graphsQuiz, answers: [{ question: 1, options: [2] }] }, [
        [{}, 'BAD_USER_INPUT'],
        [{ answers: [] }, 'BAD_USER_INPUT'],
        [{ answers: [1, 1].map((number) => ({ question: number, options: [1] })) }, 'BAD_USER_INPUT'],
        [{ answers: [1, 3].map((number) => ({ question: number, options: [1] })) }, 'BAD_USER_INPUT'],
        [{ answers: [1, 2].map((number) => ({ question: number, options: [9] })) }, 'BAD_USER_INPUT'],
        [{ lesson: demoLessonId('GRAPHS', 1) }, 'BAD_USER_INPUT'],
        [{ lesson: demoLessonId('B00KKEEP1NG', 2) }, 'FORBIDDEN'],
        [{ lesson: 'unknown' }, 'NOT_FOUND'],
      ]),
    },
    rateCourse: {
      as: carol,
      arguments: { input: { course: bookkeeping, rating: 5 } },
      stranger: 'OWN',
      bad: bad({ course: bookkeeping, rating: 5 }, [
        [{ rating: 0 }, 'BAD_USER_INPUT'],
        [{ rating: 6 }, 'BAD_USER_INPUT'],
        [{ course: graphs }, 'FORBIDDEN'],
        [{ course: draft }, 'NOT_FOUND'],
        [{ course: 'unknown' }, 'NOT_FOUND'],
      ]),
    },
  },
  subscriptions: {
    enrollmentProgress: {
      arguments: { enrollment: demoEnrollmentId('GRAPHS', 'ada') },
      stranger: 'NOT_FOUND',
    },
  },
})
