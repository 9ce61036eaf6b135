import { randomUUID } from 'node:crypto'
import type { DemoPerson } from '../_kit/index.ts'
import type { Answer, LiveStream, TestWorld } from '../_kit/testing/index.ts'

/** Something as it was answered: a test reads whatever it asked for. */
export type Shown = Answer['data']

type Question = { text: string; options: string[]; correctOptions: number[]; explanation?: string }
type Quiz = { questions: Question[]; passingScore?: number }

type Outline = { lessons: number; title?: string; tags?: string[]; level?: string }

/** A quiz of one question, of which the second answer is right. */
export const smallQuiz: Quiz = {
  questions: [{ text: 'Which?', options: ['This', 'That'], correctOptions: [2], explanation: 'Because.' }],
}

export const enrollmentFields = `id status progress completedLessons { id } nextLesson { id }
  quizResults { lesson { id } score bestScore attempts isPassed } certificate { number } completedAt`
export const lessonFields = `id title position isPreview content hasQuiz viewerCompleted
  quiz { passingScore questions { number text options hasSeveralAnswers correctOptions explanation } }`

/** What was answered without an error; an error fails the test. */
export const accepted = async (answer: Promise<Answer>): Promise<Shown> => {
  const { data, codes, errors } = await answer
  if (codes.length > 0) throw new Error(`${codes.join(', ')}: ${errors?.[0]?.message}`)
  return data
}

/** What a person teaches and learns, through the schema. */
export const createPupil = (world: Pick<TestWorld, 'as'>, person: DemoPerson | { id: string }) => {
  const client = world.as(person, 'studiai')
  const call = (field: string, type: string, input: Record<string, unknown>, fields: string): Promise<Answer> =>
    client.query(`mutation ($input: ${type}!) { ${field}(input: $input) { ${fields} } }`, { input })
  const onCourse = (field: string, course: string, fields: string): Promise<Answer> =>
    client.query(`mutation ($course: ID!) { ${field}(course: $course) { ${fields} } }`, { course })

  const me = {
    id: person.id,
    client,

    lesson: async (course: string, quiz?: Quiz, title = 'Lesson'): Promise<string> => {
      const input = { course, title, content: `# ${title}`, idempotencyKey: randomUUID(), ...(quiz && { quiz }) }
      return (await accepted(call('addLesson', 'AddLessonInput', input, 'id'))).addLesson.id
    },
    /** A draft with some lessons. */
    course: async ({ lessons, title = 'Course', ...rest }: Outline): Promise<string> => {
      const input = { title, summary: 'What it is.', level: 'BEGINNER', idempotencyKey: randomUUID(), ...rest }
      const { createCourse } = await accepted(call('createCourse', 'CreateCourseInput', input, 'id'))
      for (let number = 1; number <= lessons; number += 1)
        await me.lesson(createCourse.id, undefined, `Lesson ${number}`)
      return createCourse.id
    },
    publish: (course: string) => onCourse('publishCourse', course, 'id status publishedAt'),
    retire: (course: string) => onCourse('retireCourse', course, 'id status'),
    /** A published course with some lessons. */
    published: async (course: Outline): Promise<string> => {
      const id = await me.course(course)
      await accepted(me.publish(id))
      return id
    },
    update: (lesson: string, change: Record<string, unknown>) =>
      call('updateLesson', 'UpdateLessonInput', { lesson, ...change }, lessonFields),

    shown: async (course: string): Promise<Shown> =>
      (
        await accepted(
          client.query(
            `query ($id: ID!) { course(id: $id) { id title status lessonCount enrolledCount rating ratingCount
              viewerEnrollment { id } lessons { ${lessonFields} } } }`,
            { id: course },
          ),
        )
      ).course,

    enroll: (course: string) => onCourse('enroll', course, enrollmentFields),
    /** As `enroll`, for the id of the enrollment. */
    enrolled: async (course: string): Promise<string> => (await accepted(me.enroll(course))).enroll.id,
    enrollment: async (id: string): Promise<Shown> =>
      (await accepted(client.query(`query ($id: ID!) { enrollment(id: $id) { ${enrollmentFields} } }`, { id })))
        .enrollment,
    complete: (lesson: string) =>
      client.query(`mutation ($lesson: ID!) { completeLesson(lesson: $lesson) { ${enrollmentFields} } }`, { lesson }),
    /** Answers a quiz; an item for each question, with the numbers of the chosen options. */
    answer: (lesson: string, ...chosen: readonly (readonly number[])[]) =>
      call(
        'submitQuiz',
        'SubmitQuizInput',
        { lesson, answers: chosen.map((options, index) => ({ question: index + 1, options })) },
        `score bestScore attempts isPassed passedAt lesson { id } enrollment { ${enrollmentFields} }`,
      ),
    rate: (course: string, rating: number) =>
      call('rateCourse', 'RateCourseInput', { course, rating }, 'id rating ratingCount'),
    listen: (enrollment: string): Promise<LiveStream> =>
      client.subscribe(
        `subscription ($enrollment: ID!) { enrollmentProgress(enrollment: $enrollment) { progress status } }`,
        { enrollment },
      ),
  }
  return me
}

export type Pupil = ReturnType<typeof createPupil>
