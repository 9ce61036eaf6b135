import { codedError, forbidden, notFound, repetitionOf, requireId, requireKey } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import type { AddLessonInput, CreateCourseInput, UpdateCourseInput, UpdateLessonInput } from '../.generated/studiai.ts'
import type { CourseRecord } from './courses-store.ts'
import { readCourse, readCourseChange, readLesson, readLessonChange } from './drafts.ts'
import type { PlacedLesson, LessonRecord } from './lessons-store.ts'
import type { CourseStatus } from './models.ts'
import type { Store } from './store.ts'

/** Writing courses. Whoever does not see a draft is told that it is not there. */
export const createTeaching = ({ courses, lessons }: Store, { now, newId }: Platform) => {
  const requireOwnCourse = async (teacher: string, given: string): Promise<CourseRecord> => {
    const id = requireId('Course', given)
    const [course] = await courses.byIds([id])
    if (!course || (course.status === 'DRAFT' && course.teacher !== teacher)) throw notFound('Course', id)
    if (course.teacher !== teacher) throw forbidden('Only its teacher may change a course.')
    return course
  }

  const requireOwnLesson = async (teacher: string, given: string): Promise<PlacedLesson> => {
    const id = requireId('Lesson', given)
    const [lesson] = await lessons.byIds([id])
    if (!lesson || (lesson.courseStatus === 'DRAFT' && lesson.teacher !== teacher)) throw notFound('Lesson', id)
    if (lesson.teacher !== teacher) throw forbidden('Only its teacher may change a lesson.')
    return lesson
  }

  const there = <Value>(value: Value | null, typeName: string, id: string): Value => {
    if (value === null) throw notFound(typeName, id)
    return value
  }

  const setStatus = async (id: string, status: CourseStatus, publishedAt?: Date): Promise<CourseRecord> =>
    there(await courses.setStatus(id, status, publishedAt), 'Course', id)

  return {
    /** Creates a draft. The same key creates it once. */
    createCourse: async (teacher: string, input: CreateCourseInput): Promise<CourseRecord> => {
      const details = readCourse(input)
      const repetition = repetitionOf(requireKey(input.idempotencyKey), details)
      return courses.insert(
        { _id: newId(), teacher, ...details, status: 'DRAFT', lastPosition: 0, createdAt: now() },
        repetition,
      )
    },

    updateCourse: async (teacher: string, input: UpdateCourseInput): Promise<CourseRecord> => {
      const before = await requireOwnCourse(teacher, input.course)
      return there(await courses.describe(before.id, readCourseChange(input, before)), 'Course', before.id)
    },

    /** Adds a lesson behind the others. The same key adds it once. LIMIT_EXCEEDED when the course is full. */
    addLesson: async (teacher: string, input: AddLessonInput): Promise<LessonRecord> => {
      const { id: course } = await requireOwnCourse(teacher, input.course)
      const details = readLesson(input)
      const repetition = repetitionOf(requireKey(input.idempotencyKey), [course, details])
      const earlier = await lessons.repeated(teacher, repetition)
      if (earlier) return earlier
      const place = await courses.nextPlace(course)
      if (place === null) throw codedError('LIMIT_EXCEEDED', 'A course gets at most 100 lessons.')
      return lessons.insert({ _id: newId(), course, teacher, place, ...details }, repetition)
    },

    updateLesson: async (teacher: string, input: UpdateLessonInput): Promise<LessonRecord> => {
      const before = await requireOwnLesson(teacher, input.lesson)
      const content = (await lessons.texts([before.id])).get(before.id) ?? ''
      const details = readLessonChange(input, { ...before, content })
      return there(await lessons.describe(before.id, details), 'Lesson', before.id)
    },

    /** Removes a lesson of a draft. CONFLICT once people may be learning from it. */
    removeLesson: async (teacher: string, given: string): Promise<CourseRecord> => {
      const { id, course, courseStatus } = await requireOwnLesson(teacher, given)
      if (courseStatus !== 'DRAFT') throw codedError('CONFLICT', 'Lessons stay in a course that was published.')
      await lessons.remove(id, now())
      return requireOwnCourse(teacher, course)
    },

    /** Puts a course into the catalogue. CONFLICT as long as it has no lesson. */
    publishCourse: async (teacher: string, given: string): Promise<CourseRecord> => {
      const course = await requireOwnCourse(teacher, given)
      if (course.status === 'PUBLISHED') return course
      if ((await lessons.ofCourses([course.id])).length === 0) {
        throw codedError('CONFLICT', 'A course needs a lesson before it can be published.')
      }
      return setStatus(course.id, 'PUBLISHED', now())
    },

    /** Takes a course out of the catalogue. CONFLICT for a draft, which is not in it. */
    retireCourse: async (teacher: string, given: string): Promise<CourseRecord> => {
      const course = await requireOwnCourse(teacher, given)
      if (course.status === 'DRAFT') throw codedError('CONFLICT', 'A draft is not in the catalogue.')
      return setStatus(course.id, 'RETIRED')
    },
  }
}
