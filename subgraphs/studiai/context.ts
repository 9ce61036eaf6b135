import { actingUser, loader, valueLoader } from '../_kit/index.ts'
import type { ContextOf, LoaderRequest, Platform } from '../_kit/index.ts'
import { createLearning } from './learning.ts'
import type { LessonRecord } from './lessons-store.ts'
import { createLive } from './live.ts'
import { openStore } from './store.ts'
import { createTeaching } from './teaching.ts'

/** Opens the school over its collections. */
export const open = async (platform: Platform) => {
  const store = await openStore(await platform.documents())
  const live = createLive(store, platform)
  return { store, live, teaching: createTeaching(store, platform), learning: createLearning({ store, live }, platform) }
}

/** The domain, as `open` gives it. */
export type Service = Awaited<ReturnType<typeof open>>

/** The batched reads of one request. */
export const loaders = ({ store }: Service, request: LoaderRequest) => {
  const viewer = actingUser(request)
  const { courses, lessons, enrollments } = store
  return {
    viewer,
    course: loader(courses.byIds, ({ id }) => id),
    lesson: loader(lessons.byIds, ({ id }) => id),
    lessonsOfCourse: valueLoader<readonly LessonRecord[]>(async (ids) => {
      const all = await lessons.ofCourses(ids)
      return new Map(ids.map((id) => [id, all.filter(({ course }) => course === id)]))
    }, []),
    text: valueLoader<string | null>(lessons.texts, null),
    enrollment: loader(enrollments.byIds, ({ id }) => id),
    viewerEnrollment: loader(
      async (ids) => (viewer === undefined ? [] : enrollments.by(viewer, ids)),
      ({ course }) => course,
    ),
    statistics: loader(enrollments.statistics, ({ course }) => course),
    certificate: loader(enrollments.certificates, ({ number }) => number),
  }
}

/** What resolvers get. */
export type Context = ContextOf<typeof open, typeof loaders>
