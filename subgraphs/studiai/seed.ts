import { demoPeople } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import { certificateNumberOf } from './certificates.ts'
import type { Service } from './context.ts'
import { searchable } from './drafts.ts'
import type { QuizTries } from './models.ts'
import { progressOf } from './progress.ts'
import { demoCourses } from './seed-courses.ts'
import type { DemoCourse, DemoTeacher } from './seed-courses.ts'

const dayMs = 86_400_000
const passingScore = 80

/** The id of a course of the demo data, by the name in `demoCourses`. */
export const demoCourseId = (name: string): string => `01JC0VRSE${name.padEnd(17, '0')}`

/** The id of a lesson of a course of the demo data, counted from 1. */
export const demoLessonId = (name: string, number: number): string =>
  `01J1ESS0N${name.padEnd(15, '0')}${String(number).padStart(2, '0')}`

/** The certificate of the demo data. */
export const demoCertificate = certificateNumberOf('7K3M0Q9T4XBN')

/** The id of an enrollment of the demo data. */
export const demoEnrollmentId = (name: string, student: DemoTeacher): string =>
  `${demoCourseId(name)}:${demoPeople[student].id}`

type DemoWay = {
  course: DemoCourse
  student: DemoTeacher
  /** How many lessons are done, with their quizzes. */
  lessons: number
  rating?: number
  certificate?: string
  daysAgo: number
}

const seedCourse = async ({ store }: Service, demo: DemoCourse, now: Date): Promise<void> => {
  const { name, title, summary, level, status, lessons, daysAgo } = demo
  const [course, teacher, tags] = [demoCourseId(name), demoPeople[demo.teacher].id, [...demo.tags]]
  const createdAt = new Date(now.getTime() - daysAgo * dayMs)
  await Promise.all([
    store.courses.insertIfNew({
      _id: course,
      teacher,
      title,
      summary,
      level,
      tags,
      words: searchable({ title, summary, tags }),
      status,
      lastPosition: lessons.length,
      createdAt,
      ...(status !== 'DRAFT' && { publishedAt: new Date(createdAt.getTime() + dayMs) }),
    }),
    ...lessons.map(({ title: lessonTitle, minutes, content, quiz }, index) =>
      store.lessons.insertIfNew({
        _id: demoLessonId(name, index + 1),
        course,
        teacher,
        place: index + 1,
        title: lessonTitle,
        content,
        durationMinutes: minutes,
        ...(quiz && { quiz: { questions: [...quiz], passingScore } }),
      }),
    ),
  ])
}

const seedWay = async ({ store }: Service, demo: DemoWay, now: Date): Promise<void> => {
  const { course, student, lessons, rating, certificate, daysAgo } = demo
  const tasks = course.lessons.map(({ quiz }, index) => ({
    id: demoLessonId(course.name, index + 1),
    hasQuiz: quiz !== undefined,
  }))
  const done = tasks.slice(0, lessons)
  const createdAt = new Date(now.getTime() - daysAgo * dayMs)
  const at = new Date(createdAt.getTime() + dayMs)
  const way = {
    completed: done.map(({ id }) => id),
    quizzes: done
      .filter(({ hasQuiz }) => hasQuiz)
      .map(({ id }): QuizTries => ({
        lesson: id,
        score: 100,
        bestScore: 100,
        attempts: 1,
        triedAt: [at],
        passedAt: at,
      })),
    progress: 0,
  }
  await store.enrollments.insert({
    course: demoCourseId(course.name),
    student: demoPeople[student].id,
    ...way,
    progress: progressOf(way, tasks),
    createdAt,
    ...(rating !== undefined && { rating }),
    ...(certificate !== undefined && { certificate: { number: certificate, courseTitle: course.title, issuedAt: at } }),
  })
}

/** Writes the demo data once: what people change of it stays so. */
export const seed = async (service: Service, platform: Platform): Promise<void> => {
  if (await service.store.isSeeded()) return
  const now = platform.now()
  const [bookkeeping, graphs, bread] = demoCourses
  if (!bookkeeping || !graphs || !bread) return
  const ways: readonly DemoWay[] = [
    { course: bookkeeping, student: 'bob', lessons: 4, rating: 5, certificate: demoCertificate, daysAgo: 30 },
    { course: bookkeeping, student: 'carol', lessons: 2, rating: 4, daysAgo: 20 },
    { course: graphs, student: 'ada', lessons: 2, rating: 5, daysAgo: 10 },
    { course: bread, student: 'bob', lessons: 1, daysAgo: 4 },
  ]
  await Promise.all([
    ...demoCourses.map((course) => seedCourse(service, course, now)),
    ...ways.map((way) => seedWay(service, way, now)),
  ])
  await service.store.markSeeded(now)
}
