import { Schema } from 'mongoose'
import type { Connection, Model } from 'mongoose'
import { onceByKey } from '../_kit/index.ts'
import type { Repeatable } from '../_kit/index.ts'

export type CourseLevel = 'BEGINNER' | 'INTERMEDIATE' | 'ADVANCED'
export type CourseStatus = 'DRAFT' | 'PUBLISHED' | 'RETIRED'

export type CourseDocument = Repeatable & {
  _id: string
  teacher: string
  title: string
  summary: string
  level: CourseLevel
  tags: string[]
  /** What a search finds it by. */
  words: string[]
  status: CourseStatus
  /** How many lessons were ever added: the place of the last one. */
  lastPosition: number
  createdAt: Date
  publishedAt?: Date
}

/** The numbers of right options count from 1. */
export type QuestionDocument = { text: string; options: string[]; correctOptions: number[]; explanation?: string }

export type QuizDocument = { questions: QuestionDocument[]; passingScore: number }

export type LessonDocument = Repeatable & {
  _id: string
  course: string
  teacher: string
  /** Sorts the lessons of a course; a removed lesson leaves a gap. */
  place: number
  title: string
  content: string
  durationMinutes: number
  quiz?: QuizDocument
}

/** The tries in a quiz. Scores are in percent. */
export type QuizTries = {
  lesson: string
  score: number
  bestScore: number
  attempts: number
  /** When the latest tries were, as far as they limit the next one. */
  triedAt: Date[]
  passedAt?: Date
}

export type CertificateDocument = { number: string; courseTitle: string; issuedAt: Date }

/** The id names course and student, so that a person is enrolled once. All of the way is in one document. */
export type EnrollmentDocument = {
  _id: string
  course: string
  student: string
  completed: string[]
  quizzes: QuizTries[]
  /** In percent; only ever rises. */
  progress: number
  certificate?: CertificateDocument
  rating?: number
  createdAt: Date
  version: number
}

/** That the demo data was written: what people change of it must not come back. */
type SeedDocument = { _id: string; at: Date }

export type Models = {
  courses: Model<CourseDocument>
  lessons: Model<LessonDocument>
  enrollments: Model<EnrollmentDocument>
  seeds: Model<SeedDocument>
}

const text = { type: String, required: true } as const
const whole = { type: Number, required: true } as const
const moment = { type: Date, required: true } as const
const options = { versionKey: false } as const
const part = { _id: false } as const
const repeatable = { idempotencyKey: String, contentHash: String, deletedAt: Date } as const

const courseSchema = (): Schema<CourseDocument> =>
  new Schema<CourseDocument>(
    {
      _id: text,
      teacher: text,
      title: text,
      summary: text,
      level: text,
      tags: [String],
      words: [String],
      status: text,
      lastPosition: whole,
      createdAt: moment,
      publishedAt: Date,
      ...repeatable,
    },
    options,
  )
    .index({ status: 1, publishedAt: -1, _id: -1 })
    .index({ words: 1 })
    .index({ teacher: 1, createdAt: -1, _id: -1 })
    .index(...onceByKey('teacher'))

const quizSchema = (): Schema<QuizDocument> =>
  new Schema<QuizDocument>(
    {
      questions: [
        new Schema<QuestionDocument>({ text, options: [String], correctOptions: [Number], explanation: String }, part),
      ],
      passingScore: whole,
    },
    part,
  )

const lessonSchema = (): Schema<LessonDocument> =>
  new Schema<LessonDocument>(
    {
      _id: text,
      course: text,
      teacher: text,
      place: whole,
      title: text,
      content: text,
      durationMinutes: whole,
      quiz: { type: quizSchema(), default: undefined },
      ...repeatable,
    },
    options,
  )
    .index({ course: 1, place: 1 })
    .index(...onceByKey('teacher'))

const enrollmentSchema = (): Schema<EnrollmentDocument> =>
  new Schema<EnrollmentDocument>(
    {
      _id: text,
      course: text,
      student: text,
      completed: [String],
      quizzes: [
        new Schema<QuizTries>(
          {
            lesson: text,
            score: whole,
            bestScore: whole,
            attempts: whole,
            triedAt: [Date],
            passedAt: Date,
          },
          part,
        ),
      ],
      progress: whole,
      certificate: {
        type: new Schema<CertificateDocument>({ number: text, courseTitle: text, issuedAt: moment }, part),
        default: undefined,
      },
      rating: Number,
      createdAt: moment,
      version: whole,
    },
    options,
  )
    .index({ student: 1, createdAt: -1, _id: -1 })
    .index({ course: 1 })
    .index({ 'certificate.number': 1 }, { unique: true, sparse: true })

/** The service's collections, on a connection of its own. */
export const defineModels = (connection: Connection): Models => ({
  courses: connection.model<CourseDocument>('Course', courseSchema(), 'courses'),
  lessons: connection.model<LessonDocument>('Lesson', lessonSchema(), 'lessons'),
  enrollments: connection.model<EnrollmentDocument>('Enrollment', enrollmentSchema(), 'enrollments'),
  seeds: connection.model<SeedDocument>('Seed', new Schema<SeedDocument>({ _id: text, at: moment }, options), 'seeds'),
})
