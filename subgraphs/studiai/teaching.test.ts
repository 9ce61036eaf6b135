import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { accepted, createPupil, smallQuiz } from './school.fixture.ts'
import type { Shown } from './school.fixture.ts'
import { demoCertificate, demoCourseId } from './seed.ts'
import studiai from './subgraph.ts'

describe('somebody who teaches', () => {
  let world: TestWorld
  beforeAll(async () => {
    world = await startWorld([studiai])
  })
  afterAll(() => world?.stop())

  const person = (name: string) => createPupil(world, { id: `${name}-${randomUUID()}` })
  const catalogue = async (variables: Record<string, unknown> = {}): Promise<string[]> => {
    const document = `query ($search: String, $level: CourseLevel, $first: Int, $after: String) {
      courses(search: $search, level: $level, first: $first, after: $after) { edges { node { title } } } }`
    const { courses } = await accepted(world.asAnonymous().query(document, { first: 100, ...variables }))
    return courses.edges.map(({ node }: { node: { title: string } }) => node.title)
  }
  const taughtBy = async (teacher: string, reader: { id: string }): Promise<string[]> => {
    const document = `query ($list: [_Any!]!) { _entities(representations: $list) { ... on User { teaches { edges { node { title } } } } } }`
    const list = [{ __typename: 'User', id: teacher }]
    const { _entities } = await accepted(world.as(reader).query(document, { list }))
    return _entities[0].teaches.edges.map(({ node }: { node: { title: string } }) => node.title)
  }

  it('writes a draft that nobody sees, publishes it, and retires it', async () => {
    const [teacher, stranger] = [person('teacher'), person('stranger')]
    const course = await teacher.course({ lessons: 1, title: 'Watercolours' })
    expect(await stranger.shown(course)).toBeNull()
    expect((await stranger.enroll(course)).codes).toEqual(['NOT_FOUND'])
    expect((await stranger.publish(course)).codes).toEqual(['NOT_FOUND'])
    const [{ id: lesson }] = (await teacher.shown(course)).lessons
    const list = [
      { __typename: 'Lesson', id: lesson },
      { __typename: 'Course', id: course },
    ]
    const entities = 'query ($list: [_Any!]!) { _entities(representations: $list) { __typename } }'
    expect((await accepted(stranger.client.query(entities, { list })))._entities).toEqual([null, null])
    expect([await taughtBy(teacher.id, stranger), await taughtBy(teacher.id, teacher)]).toEqual([[], ['Watercolours']])
    expect(await catalogue({ search: 'watercolours' })).toEqual([])

    const { publishCourse: published } = await accepted(teacher.publish(course))
    expect(published.status).toBe('PUBLISHED')
    expect(await catalogue({ search: 'watercolours' })).toEqual(['Watercolours'])
    const enrollment = await stranger.enrolled(course)

    await accepted(teacher.retire(course))
    expect(await catalogue({ search: 'watercolours' })).toEqual([])
    expect((await person('late').enroll(course)).codes).toEqual(['CONFLICT'])
    expect(await stranger.enrolled(course)).toBe(enrollment)
    expect((await accepted(stranger.complete(lesson))).completeLesson.status).toBe('COMPLETED')
    expect((await accepted(teacher.publish(course))).publishCourse).toEqual({ ...published, status: 'PUBLISHED' })
  })

  it('adds each lesson once, changes it, and removes it only from a draft', async () => {
    const teacher = person('teacher')
    const course = await teacher.course({ lessons: 0 })
    const input = { course, title: 'Once', content: 'Text', idempotencyKey: 'once' }
    const add = 'mutation ($input: AddLessonInput!) { addLesson(input: $input) { id position } }'
    const answers = await Promise.all(Array.from({ length: 10 }, () => accepted(teacher.client.query(add, { input }))))
    expect(new Set(answers.map(({ addLesson }) => addLesson.id)).size).toBe(1)
    expect((await teacher.client.query(add, { input: { ...input, title: 'Twice' } })).codes).toEqual(['CONFLICT'])
    const quizzed = await teacher.lesson(course, smallQuiz)
    const { updateLesson } = await accepted(teacher.update(quizzed, { title: 'Changed' }))
    expect(updateLesson).toMatchObject({ title: 'Changed', content: '# Lesson', position: 2, hasQuiz: true })

    const remove = 'mutation ($lesson: ID!) { removeLesson(lesson: $lesson) { lessons { title position } } }'
    const first = answers[0]?.addLesson.id
    const { removeLesson } = await accepted(teacher.client.query(remove, { lesson: first }))
    expect(removeLesson.lessons).toEqual([{ title: 'Changed', position: 1 }])
    expect((await teacher.client.query(add, { input })).codes).toEqual(['CONFLICT'])
    expect((await teacher.client.query(remove, { lesson: first })).codes).toEqual(['NOT_FOUND'])
    await accepted(teacher.publish(course))
    expect((await teacher.client.query(remove, { lesson: quizzed })).codes).toEqual(['CONFLICT'])
    expect((await teacher.enroll(course)).codes).toEqual(['BAD_USER_INPUT'])
  })

  it('gets at most a hundred lessons into a course', async () => {
    const teacher = person('teacher')
    const course = await teacher.course({ lessons: 100 })
    const input = { course, title: 'One more', content: 'Text', idempotencyKey: 'one more' }
    const { codes } = await teacher.client.query(
      'mutation ($input: AddLessonInput!) { addLesson(input: $input) { id } }',
      { input },
    )
    expect(codes).toEqual(['LIMIT_EXCEEDED'])
  })

  it('is found by words, level, and page by page', async () => {
    expect(await catalogue({ search: 'graphql streams' })).toEqual(['GraphQL from the client’s side'])
    expect(await catalogue({ search: 'sour' })).toEqual(['Sourdough with three ingredients'])
    expect(await catalogue({ level: 'INTERMEDIATE' })).toEqual(['GraphQL from the client’s side'])
    expect(await catalogue({ search: 'order book' })).toEqual([])
    const whole = await catalogue()
    const document = `query ($after: String) { courses(first: 1, after: $after) { edges { node { title } } pageInfo { hasNextPage endCursor } } }`
    const read: string[] = []
    for (let after: string | null = null; ;) {
      const { courses }: Shown = await accepted(world.asAnonymous().query(document, { after }))
      read.push(courses.edges[0].node.title)
      if (!courses.pageInfo.hasNextPage) break
      after = courses.pageInfo.endCursor
    }
    expect(read).toEqual(whole)
    const { codes } = await world
      .asAnonymous()
      .query('query ($search: String) { courses(search: $search) { edges { cursor } } }', {
        search: 'x'.repeat(201),
      })
    expect(codes).toEqual(['BAD_USER_INPUT'])
  })

  it('is there in the demo data, with somebody who finished', async () => {
    const { certificate } = await accepted(
      world
        .asAnonymous()
        .query(`{ certificate(number: "${demoCertificate}") { courseTitle student { id } course { id } } }`),
    )
    expect(certificate).toEqual({
      courseTitle: 'Double-entry bookkeeping, gently',
      student: { id: demoPeople.bob.id },
      course: { id: demoCourseId('B00KKEEP1NG') },
    })
    const { data } = await world
      .as(demoPeople.ada)
      .query(`{ course(id: "${demoCourseId('GRAPHS')}") { viewerEnrollment { progress nextLesson { position } } } }`)
    expect(data.course.viewerEnrollment).toEqual({ progress: 50, nextLesson: { position: 3 } })
  })
})
