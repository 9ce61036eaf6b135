import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { accepted, createPupil, smallQuiz } from './school.fixture.ts'
import type { Shown } from './school.fixture.ts'
import studiai from './subgraph.ts'

const hourMs = 3_600_000
const [right, wrong] = [[[2]], [[1]]]

describe('somebody who learns', () => {
  let world: TestWorld
  beforeAll(async () => {
    world = await startWorld([studiai])
  })
  afterAll(() => world?.stop())

  const person = (name: string) => createPupil(world, { id: `${name}-${randomUUID()}` })

  /** A course of two lessons, the second of which ends with a quiz. */
  const school = async () => {
    const [teacher, student, stranger] = [person('teacher'), person('student'), person('stranger')]
    const course = await teacher.course({ lessons: 0, title: 'Knots' })
    const [first, second] = [await teacher.lesson(course), await teacher.lesson(course, smallQuiz)]
    await accepted(teacher.publish(course))
    return { teacher, student, stranger, course, first, second }
  }
  const lessonsOf = async (of: ReturnType<typeof person>, course: string): Promise<Shown[]> =>
    (await of.shown(course)).lessons
  const verify = async (number: string): Promise<Shown> => {
    const document =
      'query ($number: String!) { certificate(number: $number) { number courseTitle student { id } course { id } issuedAt } }'
    return (await accepted(world.asAnonymous().query(document, { number }))).certificate
  }

  it('enrolls, works through the lessons, passes the quiz, and has a certificate that anybody can verify', async () => {
    const { student, course, first, second } = await school()
    const { enroll: begun } = await accepted(student.enroll(course))
    expect(begun).toMatchObject({ status: 'ACTIVE', progress: 0, nextLesson: { id: first }, certificate: null })
    expect((await accepted(student.enroll(course))).enroll.id).toBe(begun.id)

    const states = await student.listen(begun.id)
    expect((await states.next()).data.enrollmentProgress).toEqual({ progress: 0, status: 'ACTIVE' })
    const { completeLesson: third } = await accepted(student.complete(first))
    expect(third).toMatchObject({ progress: 33, completedLessons: [{ id: first }], nextLesson: { id: second } })
    expect((await accepted(student.complete(first))).completeLesson).toEqual(third)
    const { submitQuiz: failed } = await accepted(student.answer(second, ...wrong))
    expect(failed).toMatchObject({ score: 0, isPassed: false, passedAt: null, enrollment: { progress: 33 } })
    const { submitQuiz: passed } = await accepted(student.answer(second, ...right))
    expect(passed).toMatchObject({
      score: 100,
      bestScore: 100,
      attempts: 2,
      isPassed: true,
      enrollment: { progress: 66 },
    })
    const { completeLesson: done } = await accepted(student.complete(second))
    expect(done).toMatchObject({ status: 'COMPLETED', progress: 100, nextLesson: null })

    const told = [await states.next(), await states.next(), await states.next(), await states.next()]
    expect(told.map(({ data }) => data.enrollmentProgress.progress)).toEqual([33, 33, 66, 100])
    await states.stop()

    const { number } = done.certificate
    expect(await verify(number)).toMatchObject({
      number,
      courseTitle: 'Knots',
      student: { id: student.id },
      course: { id: course },
    })
    expect(await verify(` ${number.toLowerCase().replaceAll('-', ' ')}`)).toMatchObject({ number })
    expect(await verify('STU-0000-0000-0000-0')).toBeNull()
    expect(await verify('anything')).toBeNull()
    expect((await accepted(student.answer(second, ...wrong))).submitQuiz).toMatchObject({
      score: 0,
      bestScore: 100,
      isPassed: true,
    })
    expect(await student.enrollment(begun.id)).toMatchObject({
      status: 'COMPLETED',
      progress: 100,
      certificate: { number },
    })
  })

  it('gets one certificate, however many last steps there are at once', async () => {
    const { student, course, first, second } = await school()
    const id = await student.enrolled(course)
    await accepted(student.answer(second, ...right))
    const steps = Array.from({ length: 10 }, (_, index) => accepted(student.complete(index % 2 === 0 ? first : second)))
    await Promise.all(steps)
    const { certificate, progress } = await student.enrollment(id)
    expect(progress).toBe(100)
    const again = await Promise.all([student.complete(first), student.complete(second)])
    expect(again.map(({ data }) => data.completeLesson.certificate)).toEqual([certificate, certificate])
  })

  it('reads the first lesson of any course, and the others only when enrolled', async () => {
    const { teacher, student, stranger, course } = await school()
    await student.enrolled(course)
    const contents = async (of: ReturnType<typeof person>): Promise<unknown[]> =>
      (await lessonsOf(of, course)).map(({ content }) => content)
    expect(await contents(stranger)).toEqual(['# Lesson', null])
    expect(await contents(student)).toEqual(['# Lesson', '# Lesson'])
    expect(await contents(teacher)).toEqual(['# Lesson', '# Lesson'])
    const document = 'query ($id: ID!) { course(id: $id) { lessons { content isPreview hasQuiz } } }'
    const { data } = await world.asAnonymous().query(document, { id: course })
    expect(data.course.lessons).toEqual([
      { content: '# Lesson', isPreview: true, hasQuiz: false },
      { content: null, isPreview: false, hasQuiz: true },
    ])
    const list = [{ __typename: 'Lesson', id: (await lessonsOf(stranger, course))[1].id }]
    const entities =
      'query ($list: [_Any!]!) { _entities(representations: $list) { ... on Lesson { content quiz { passingScore } } } }'
    expect((await accepted(stranger.client.query(entities, { list })))._entities).toEqual([
      { content: null, quiz: null },
    ])
  })

  it('never sees which answers are right before the quiz is passed, wherever one looks', async () => {
    const { teacher, student, stranger, course, second } = await school()
    await student.enrolled(course)
    const quizFor = async (of: ReturnType<typeof person>): Promise<Shown> => (await lessonsOf(of, course))[1].quiz
    const unanswered = { options: ['This', 'That'], hasSeveralAnswers: false, correctOptions: null, explanation: null }
    expect(await quizFor(stranger)).toBeNull()
    expect((await quizFor(student)).questions).toMatchObject([unanswered])
    expect((await quizFor(teacher)).questions).toMatchObject([{ correctOptions: [2], explanation: 'Because.' }])
    const through = `{ quiz { questions { correctOptions explanation } } }`
    const look = async (): Promise<unknown> => {
      const answers = [{ question: 1, options: [1] }]
      const { data } = await student.client.query(
        `mutation ($input: SubmitQuizInput!) { submitQuiz(input: $input) { lesson ${through} enrollment { nextLesson ${through} course { lessons ${through} } } } }`,
        { input: { lesson: second, answers } },
      )
      return data.submitQuiz
    }
    expect(JSON.stringify(await look())).not.toMatch(/\[2\]|Because/)
    await accepted(student.answer(second, ...right))
    expect((await quizFor(student)).questions).toMatchObject([{ correctOptions: [2], explanation: 'Because.' }])
    expect(await quizFor(stranger)).toBeNull()
  })

  it('tries a quiz five times an hour, until it is passed', async () => {
    const { student, course, second } = await school()
    await student.enrolled(course)
    for (let number = 1; number <= 5; number += 1) await accepted(student.answer(second, ...wrong))
    const refused = await student.answer(second, ...right)
    expect(refused.codes).toEqual(['RATE_LIMITED'])
    expect(refused.errors?.[0]?.extensions?.['retryAfterSeconds']).toBeGreaterThan(3_000)
    world.advance(hourMs)
    expect((await accepted(student.answer(second, ...right))).submitQuiz).toMatchObject({ attempts: 6, isPassed: true })
  })

  it('keeps the progress that was made when lessons are added, and then has more to do', async () => {
    const { teacher, student, course, first } = await school()
    const id = await student.enrolled(course)
    await accepted(student.complete(first))
    for (let number = 1; number <= 5; number += 1) await teacher.lesson(course)
    expect(await student.enrollment(id)).toMatchObject({ progress: 33 })
    const added = (await lessonsOf(student, course)).slice(2)
    const seen: number[] = []
    for (const { id: lesson } of added) {
      seen.push((await accepted(student.complete(lesson))).completeLesson.progress)
    }
    expect(seen).toEqual(seen.toSorted((one, other) => one - other))
    expect(seen.at(-1)).toBe(75)
    expect(await student.enrollment(id)).toMatchObject({ status: 'ACTIVE', certificate: null })
  })

  it('is shown to nobody else', async () => {
    const { teacher, student, stranger, course } = await school()
    const id = await student.enrolled(course)
    for (const other of [teacher, stranger]) {
      expect(await other.enrollment(id)).toBeNull()
      const states = await other.listen(id)
      expect((await states.next()).codes).toEqual(['NOT_FOUND'])
      await states.stop()
      const { codes } = await other.client.query(
        'query ($list: [_Any!]!) { _entities(representations: $list) { ... on User { enrollments { edges { cursor } } } } }',
        { list: [{ __typename: 'User', id: student.id }] },
      )
      expect(codes).toEqual(['FORBIDDEN'])
      expect((await other.shown(course)).viewerEnrollment).toBeNull()
    }
    expect((await student.shown(course)).viewerEnrollment).toEqual({ id })
  })

  it('rates a course once, in place of an earlier rating', async () => {
    const { student, stranger, course } = await school()
    await student.enrolled(course)
    expect((await stranger.rate(course, 5)).codes).toEqual(['FORBIDDEN'])
    await accepted(student.rate(course, 1))
    expect((await accepted(student.rate(course, 4))).rateCourse).toMatchObject({ rating: '4.0', ratingCount: 1 })
    await stranger.enrolled(course)
    expect((await accepted(stranger.rate(course, 5))).rateCourse).toMatchObject({ rating: '4.5', ratingCount: 2 })
    expect(await student.shown(course)).toMatchObject({ enrolledCount: 2 })
  })
})
