import { insertNew, partsOf } from '../_kit/index.ts'
import type { Part } from '../_kit/index.ts'
import type { CertificateDocument, EnrollmentDocument, Models } from './models.ts'

/** An enrollment as its student gets it. */
export type EnrollmentRecord = Omit<EnrollmentDocument, '_id'> & { id: string }

/** A certificate as everybody gets it. */
export type CertificateRecord = CertificateDocument & { student: string; course: string }

/** What a course shows of those who are enrolled. */
export type CourseStatistics = { course: string; enrolled: number; stars: number; ratings: number }

const enrollmentId = (course: string, student: string): string => `${course}:${student}`

const toEnrollment = ({ _id: id, ...rest }: EnrollmentDocument): EnrollmentRecord => ({ id, ...rest })

/** All reads and writes of enrollments, with the certificates in them. */
export const enrollmentsStore = ({ enrollments }: Pick<Models, 'enrollments'>) => {
  const newest = partsOf(enrollments, 'createdAt', 'newest')

  const byIds = async (ids: readonly string[]): Promise<EnrollmentRecord[]> =>
    (await enrollments.find({ _id: { $in: [...ids] } }).lean<EnrollmentDocument[]>()).map(toEnrollment)

  return {
    byIds,

    /** A person's enrollments in courses. */
    by: (student: string, courses: readonly string[]): Promise<EnrollmentRecord[]> =>
      byIds(courses.map((course) => enrollmentId(course, student))),

    /** Enrolls a person; false when the person is enrolled already. */
    insert: ({ course, student, ...rest }: Omit<EnrollmentDocument, '_id' | 'version'>): Promise<boolean> =>
      insertNew(enrollments, { _id: enrollmentId(course, student), course, student, ...rest, version: 1 }),

    /** A part of a person's enrollments, newest first. */
    ofStudent: async (student: string, part: Part): Promise<EnrollmentRecord[]> =>
      (await newest({ student }, part)).map(toEnrollment),

    /** Changes an enrollment by a decision on it, taken again when somebody else was faster; none leaves it as it is. */
    change: async (
      id: string,
      decide: (enrollment: EnrollmentRecord) => Partial<Omit<EnrollmentDocument, '_id' | 'version'>> | undefined,
    ): Promise<{ enrollment: EnrollmentRecord; isChanged: boolean }> => {
      for (;;) {
        const [enrollment] = await byIds([id])
        if (!enrollment) throw new Error(`Enrollment ${id} has vanished.`)
        const change = decide(enrollment)
        if (!change) return { enrollment, isChanged: false }
        const { version } = enrollment
        const changed = await enrollments
          .findOneAndUpdate(
            { _id: id, version },
            { $set: { ...change, version: version + 1 } },
            { returnDocument: 'after' },
          )
          .lean<EnrollmentDocument>()
        if (changed) return { enrollment: toEnrollment(changed), isChanged: true }
      }
    },

    /** Certificates by number. */
    certificates: async (numbers: readonly string[]): Promise<CertificateRecord[]> =>
      (await enrollments.find({ 'certificate.number': { $in: [...numbers] } }).lean<EnrollmentDocument[]>()).flatMap(
        ({ certificate, student, course }) => (certificate ? [{ ...certificate, student, course }] : []),
      ),

    statistics: async (courses: readonly string[]): Promise<CourseStatistics[]> => {
      const counted = await enrollments.aggregate<Omit<CourseStatistics, 'course'> & { _id: string }>([
        { $match: { course: { $in: [...courses] } } },
        {
          $group: {
            _id: '$course',
            enrolled: { $sum: 1 },
            stars: { $sum: { $ifNull: ['$rating', 0] } },
            ratings: { $sum: { $cond: [{ $gt: ['$rating', 0] }, 1, 0] } },
          },
        },
      ])
      return counted.map(({ _id, ...rest }) => ({ course: _id, ...rest }))
    },
  }
}
