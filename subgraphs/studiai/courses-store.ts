import type { QueryFilter } from 'mongoose'
import { insertNew, insertOnce, partsOf, withWords } from '../_kit/index.ts'
import type { Part, Repetition } from '../_kit/index.ts'
import type { CourseDetails } from './drafts.ts'
import type { CourseDocument, CourseLevel, CourseStatus, Models } from './models.ts'

/** A course as its readers get it. */
export type CourseRecord = Pick<
  CourseDocument,
  'teacher' | 'title' | 'summary' | 'level' | 'status' | 'createdAt' | 'publishedAt'
> & { id: string; tags: readonly string[] }

const mostLessons = 100

const toCourse = (document: CourseDocument): CourseRecord => {
  const { _id, teacher, title, summary, level, tags, status, createdAt, publishedAt } = document
  return { id: _id, teacher, title, summary, level, tags, status, createdAt, ...(publishedAt && { publishedAt }) }
}

/** All reads and writes of courses. */
export const coursesStore = ({ courses }: Pick<Models, 'courses'>) => {
  const latest = partsOf(courses, 'publishedAt', 'newest')
  const newest = partsOf(courses, 'createdAt', 'newest')

  const update = async (
    filter: QueryFilter<CourseDocument>,
    change: Partial<Omit<CourseDocument, '_id'>>,
  ): Promise<CourseRecord | null> => {
    const updated = await courses
      .findOneAndUpdate(filter, { $set: change }, { returnDocument: 'after' })
      .lean<CourseDocument>()
    return updated && toCourse(updated)
  }

  return {
    /** Writes a course once for each key of its teacher. */
    insert: async (document: CourseDocument, repetition: Repetition): Promise<CourseRecord> =>
      toCourse((await insertOnce(courses, 'teacher', document, repetition)).row),

    insertIfNew: (document: CourseDocument): Promise<boolean> => insertNew(courses, document),

    byIds: async (ids: readonly string[]): Promise<CourseRecord[]> =>
      (await courses.find({ _id: { $in: [...ids] } }).lean<CourseDocument[]>()).map(toCourse),

    /** Changes what a teacher says of a course; null when there is none. */
    describe: (id: string, details: CourseDetails): Promise<CourseRecord | null> => update({ _id: id }, details),

    /** Changes whether people can enroll; `publishedAt` is only for a course that was never published. */
    setStatus: async (id: string, status: CourseStatus, publishedAt?: Date): Promise<CourseRecord | null> => {
      if (publishedAt) await update({ _id: id, publishedAt: { $exists: false } }, { publishedAt })
      return update({ _id: id }, { status })
    },

    /** The next place for a lesson; null when the course got as many as it can. */
    nextPlace: async (id: string): Promise<number | null> => {
      const counted = await courses
        .findOneAndUpdate(
          { _id: id, lastPosition: { $lt: mostLessons } },
          { $inc: { lastPosition: 1 } },
          { returnDocument: 'after' },
        )
        .lean<CourseDocument>()
      return counted && counted.lastPosition
    },

    /** A part of the catalogue, the latest first. */
    published: async (
      words: readonly string[],
      level: CourseLevel | undefined,
      part: Part,
    ): Promise<CourseRecord[]> => {
      const filter: QueryFilter<CourseDocument> = {
        status: 'PUBLISHED',
        ...(level && { level }),
        ...withWords('words', words),
      }
      return (await latest(filter, part)).map(toCourse)
    },

    /** A part of what a person teaches, newest first. */
    taughtBy: async (teacher: string, withDrafts: boolean, part: Part): Promise<CourseRecord[]> => {
      const filter: QueryFilter<CourseDocument> = { teacher, ...(!withDrafts && { status: { $ne: 'DRAFT' } }) }
      return (await newest(filter, part)).map(toCourse)
    },
  }
}
