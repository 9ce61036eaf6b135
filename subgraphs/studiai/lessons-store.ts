import { findRepeated, insertNew, insertOnce } from '../_kit/index.ts'
import type { Repetition } from '../_kit/index.ts'
import type { LessonDetails } from './drafts.ts'
import type { CourseStatus, LessonDocument, Models } from './models.ts'

/** A lesson without its text, which is read only when it is asked for. */
export type LessonRecord = Pick<LessonDocument, 'course' | 'teacher' | 'title' | 'durationMinutes' | 'quiz'> & {
  id: string
}

/** A lesson, and whether one can see its course. */
export type PlacedLesson = LessonRecord & { courseStatus: CourseStatus }

const withoutText = { content: 0 } as const
const stillThere = { deletedAt: null }

const toLesson = ({ _id, course, teacher, title, durationMinutes, quiz }: LessonDocument): LessonRecord => ({
  id: _id,
  course,
  teacher,
  title,
  durationMinutes,
  ...(quiz && { quiz }),
})

/** All reads and writes of lessons. Removed ones are never read. */
export const lessonsStore = ({ lessons }: Pick<Models, 'lessons'>) => ({
  /** What a teacher added with a key before; null when nothing. */
  repeated: async (teacher: string, repetition: Repetition): Promise<LessonRecord | null> => {
    const found = await findRepeated(lessons, 'teacher', teacher, repetition)
    return found && toLesson(found)
  },

  /** Writes a lesson once for each key of its teacher. */
  insert: async (document: LessonDocument, repetition: Repetition): Promise<LessonRecord> =>
    toLesson((await insertOnce(lessons, 'teacher', document, repetition)).row),

  insertIfNew: (document: LessonDocument): Promise<boolean> => insertNew(lessons, document),

  /** Lessons by id, with the status of their courses, with one call. */
  byIds: async (ids: readonly string[]): Promise<PlacedLesson[]> => {
    const found = await lessons.aggregate<LessonDocument & { courses: { status: CourseStatus }[] }>([
      { $match: { _id: { $in: [...ids] }, ...stillThere } },
      { $project: withoutText },
      { $lookup: { from: 'courses', localField: 'course', foreignField: '_id', as: 'courses' } },
    ])
    return found.map((lesson) => ({ ...toLesson(lesson), courseStatus: lesson.courses[0]?.status ?? 'DRAFT' }))
  },

  /** The lessons of courses, those of each in their order. */
  ofCourses: async (courses: readonly string[]): Promise<LessonRecord[]> =>
    (
      await lessons
        .find({ course: { $in: [...courses] }, ...stillThere }, withoutText)
        .sort({ place: 1 })
        .lean<LessonDocument[]>()
    ).map(toLesson),

  /** The texts of lessons. */
  texts: async (ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
    const found = await lessons
      .find({ _id: { $in: [...ids] }, ...stillThere }, { content: 1 })
      .lean<Pick<LessonDocument, '_id' | 'content'>[]>()
    return new Map(found.map(({ _id, content }) => [_id, content]))
  },

  /** Changes what a teacher says of a lesson; null when there is none. */
  describe: async (id: string, details: LessonDetails): Promise<LessonRecord | null> => {
    const updated = await lessons
      .findOneAndUpdate({ _id: id, ...stillThere }, { $set: details }, { returnDocument: 'after' })
      .lean<LessonDocument>()
    return updated && toLesson(updated)
  },

  /** Removes a lesson. What remains is the key that it was added with. */
  remove: async (id: string, deletedAt: Date): Promise<void> => {
    await lessons.updateOne({ _id: id, ...stillThere }, { $set: { deletedAt, content: '-' }, $unset: { quiz: 1 } })
  },
})
