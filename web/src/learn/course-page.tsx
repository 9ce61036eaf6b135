import { Award, Check, CircleHelp, GraduationCap, Lock } from 'lucide-react'
import { Link, useParams } from 'react-router'
import { useQuery, useSubscription } from 'urql'
import { CourseDocument, EnrollDocument, EnrollmentProgressDocument, RateCourseDocument } from '../.generated/learn.ts'
import type { CourseQuery } from '../.generated/learn.ts'
import { explain } from '../client/errors.ts'
import { useSignedIn } from '../client/provider.tsx'
import { useAction } from '../client/use-action.ts'
import { Badge } from '../design/badge.tsx'
import { Button, buttonStyle } from '../design/button.tsx'
import { Card } from '../design/card.tsx'
import { StarChoice, Stars } from '../design/stars.tsx'
import { Empty, Failure, SkeletonRows } from '../design/states.tsx'
import { useToasts } from '../design/toasts.tsx'
import { useSignIn } from '../session/sign-in.tsx'
import { useTitle } from '../shared/hooks.ts'
import { Progress } from './course-card.tsx'
import { formatDuration, levelWords } from './words.ts'

type Course = NonNullable<CourseQuery['course']>
type Enrollment = NonNullable<Course['viewerEnrollment']>

const Follow = ({ enrollment }: { enrollment: Enrollment }) => {
  useSubscription({ query: EnrollmentProgressDocument, variables: { enrollment: enrollment.id } })
  return null
}

const Begin = ({ course }: { course: Course }) => {
  const me = useSignedIn()
  const openSignIn = useSignIn()
  const toasts = useToasts()
  const { busy, attempt } = useAction(EnrollDocument)
  const enrollment = course.viewerEnrollment
  if (me?.userId === course.teacher.id) return <p className="text-muted text-sm">You teach this.</p>
  if (enrollment) {
    const next = enrollment.nextLesson
    return (
      <div className="space-y-3">
        <Progress percent={enrollment.progress} label="Your progress" />
        {enrollment.certificate && (
          <Link to={`/certificates/${enrollment.certificate.number}`} className={buttonStyle({ look: 'primary' })}>
            <Award aria-hidden className="size-4" /> Your certificate
          </Link>
        )}
        {next && (
          <Link to={`/learn/${course.id}/${next.id}`} className={buttonStyle({ look: 'primary' })}>
            {enrollment.progress === 0 ? 'Begin' : 'Go on'}
          </Link>
        )}
      </div>
    )
  }
  if (course.status !== 'PUBLISHED') return <p className="text-muted text-sm">Nobody can enroll at the moment.</p>
  const enroll = async (): Promise<void> => {
    try {
      await attempt({ course: course.id })
      toasts.show('done', `You are enrolled in ${course.title}`)
    } catch (error) {
      toasts.show('failed', 'That did not work', explain(error as Error).message)
    }
  }
  return (
    <Button look="primary" busy={busy} onClick={() => (me === null ? openSignIn() : void enroll())}>
      {me === null ? 'Sign in to enroll' : 'Enroll'}
    </Button>
  )
}

const Lessons = ({ course }: { course: Course }) => {
  const me = useSignedIn()?.userId
  const enrollment = course.viewerEnrollment
  const completed = new Set(enrollment?.completedLessons.map(({ id }) => id))
  const passed = new Map(enrollment?.quizResults.map((result) => [result.lesson.id, result]))
  const mayReadAll = enrollment !== null || me === course.teacher.id
  return (
    <Card title="Lessons" bodyClassName="pb-2">
      <ol aria-label="Lessons" className="divide-line divide-y">
        {course.lessons.map((lesson) => {
          const isOpen = mayReadAll || lesson.isPreview
          const quiz = passed.get(lesson.id)
          return (
            <li key={lesson.id} className="relative flex items-center gap-3 px-4 py-3">
              <span
                aria-hidden
                className={`grid size-7 shrink-0 place-items-center rounded-full text-xs font-medium ${completed.has(lesson.id) ? 'bg-up-soft text-up' : 'bg-raised text-muted'}`}
              >
                {completed.has(lesson.id) ? <Check className="size-4" /> : lesson.position}
              </span>
              <div className="min-w-0 flex-1">
                {isOpen ? (
                  <Link to={`/learn/${course.id}/${lesson.id}`} className="font-medium after:absolute after:inset-0">
                    {lesson.title}
                  </Link>
                ) : (
                  <span className="text-muted font-medium">{lesson.title}</span>
                )}
                <p className="text-muted flex flex-wrap items-center gap-x-2 text-xs">
                  {formatDuration(lesson.durationMinutes)}
                  {lesson.hasQuiz && (
                    <span className="flex items-center gap-1">
                      <CircleHelp aria-hidden className="size-3.5" /> Quiz
                      {quiz && (quiz.isPassed ? `, passed with ${quiz.bestScore}%` : `, ${quiz.bestScore}% so far`)}
                    </span>
                  )}
                </p>
              </div>
              {completed.has(lesson.id) && <span className="sr-only">Completed</span>}
              {!mayReadAll && lesson.isPreview && <Badge tone="accent">Preview</Badge>}
              {!isOpen && (
                <>
                  <Lock aria-hidden className="text-muted size-4" />
                  <span className="sr-only">For those who are enrolled</span>
                </>
              )}
            </li>
          )
        })}
      </ol>
    </Card>
  )
}

const Rate = ({ course }: { course: Course }) => {
  const toasts = useToasts()
  const { attempt } = useAction(RateCourseDocument)
  const rate = async (rating: number): Promise<void> => {
    try {
      await attempt({ input: { course: course.id, rating } })
      toasts.show('done', 'Thank you')
    } catch (error) {
      toasts.show('failed', 'That did not work', explain(error as Error).message)
    }
  }
  return <StarChoice label="How good do you find it?" value={undefined} onChange={(rating) => void rate(rating)} />
}

/** One course: what it is about, its lessons, and how far one is. */
export const CoursePage = () => {
  const { course: id = '' } = useParams()
  const [{ data, fetching, error }, reload] = useQuery({
    query: CourseDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  })
  const course = data?.course
  useTitle(course?.title ?? 'Learn')
  if (!course && fetching) return <SkeletonRows rows={8} label="Loading the course" />
  if (!course && error !== undefined) return <Failure error={error} onRetry={reload} />
  if (!course) return <Empty icon={GraduationCap} heading="h1" title="There is no such course" />
  return (
    <div className="mx-auto max-w-3xl space-y-4">
      <Link to="/learn" className="text-accent rounded text-sm hover:underline">
        ← All courses
      </Link>
      <Card bodyClassName="space-y-3 p-5">
        <div className="flex flex-wrap items-center gap-2">
          <Badge tone="accent">{levelWords[course.level]}</Badge>
          <Stars rating={course.rating} count={course.ratingCount} />
        </div>
        <h1 className="text-2xl font-semibold tracking-tight">{course.title}</h1>
        <p className="text-muted text-sm">
          by{' '}
          <Link to={`/people/${course.teacher.handle}`} className="text-ink rounded font-medium hover:underline">
            {course.teacher.handle}
          </Link>{' '}
          · {course.lessonCount} lessons · {formatDuration(course.durationMinutes)} · {course.enrolledCount} enrolled
        </p>
        <p className="whitespace-pre-line">{course.summary}</p>
        <Begin course={course} />
        {course.viewerEnrollment && course.viewerEnrollment.progress > 0 && <Rate course={course} />}
        {course.viewerEnrollment && <Follow enrollment={course.viewerEnrollment} />}
      </Card>
      <Lessons course={course} />
    </div>
  )
}
