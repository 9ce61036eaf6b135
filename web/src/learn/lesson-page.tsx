import { ArrowLeft, ArrowRight, Award, BookX, Check, Lock } from 'lucide-react'
import Markdown from 'react-markdown'
import { Link, useParams } from 'react-router'
import { useQuery } from 'urql'
import { CompleteLessonDocument, LessonOfCourseDocument } from '../.generated/lesson.ts'
import type { LessonOfCourseQuery } from '../.generated/lesson.ts'
import { explain } from '../client/errors.ts'
import { useAction } from '../client/use-action.ts'
import { Button, buttonStyle } from '../design/button.tsx'
import { Card } from '../design/card.tsx'
import { Empty, Failure, SkeletonRows } from '../design/states.tsx'
import { useToasts } from '../design/toasts.tsx'
import { useTitle } from '../shared/hooks.ts'
import { Progress } from './course-card.tsx'
import { Quiz } from './quiz.tsx'
import { formatDuration } from './words.ts'

type Course = NonNullable<LessonOfCourseQuery['course']>
type Lesson = Course['lessons'][number]

const Complete = ({ lesson, isCompleted }: { lesson: Lesson; isCompleted: boolean }) => {
  const toasts = useToasts()
  const { busy, attempt } = useAction(CompleteLessonDocument)
  if (isCompleted) {
    return (
      <p className="text-up flex items-center gap-2 font-medium">
        <Check aria-hidden className="size-4" /> Completed
      </p>
    )
  }
  const complete = async (): Promise<void> => {
    try {
      await attempt({ lesson: lesson.id })
    } catch (error) {
      toasts.show('failed', 'That did not work', explain(error as Error).message)
    }
  }
  return (
    <Button look="primary" busy={busy} onClick={() => void complete()}>
      I have worked through it
    </Button>
  )
}

const Neighbours = ({ course, lesson }: { course: Course; lesson: Lesson }) => {
  const index = course.lessons.indexOf(lesson)
  const [before, after] = [course.lessons[index - 1], course.lessons[index + 1]]
  const certificate = course.viewerEnrollment?.certificate
  return (
    <nav aria-label="Lessons around this one" className="flex flex-wrap justify-between gap-3">
      {before ? (
        <Link to={`/learn/${course.id}/${before.id}`} className={buttonStyle({})}>
          <ArrowLeft aria-hidden className="size-4" /> {before.title}
        </Link>
      ) : (
        <span />
      )}
      {after && (
        <Link to={`/learn/${course.id}/${after.id}`} className={buttonStyle({})}>
          {after.title} <ArrowRight aria-hidden className="size-4" />
        </Link>
      )}
      {!after && certificate && (
        <Link to={`/certificates/${certificate.number}`} className={buttonStyle({ look: 'primary' })}>
          <Award aria-hidden className="size-4" /> Your certificate
        </Link>
      )}
    </nav>
  )
}

const LessonView = ({ course, lesson }: { course: Course; lesson: Lesson }) => {
  const enrollment = course.viewerEnrollment
  if (lesson.content === null) {
    return (
      <Card>
        <Empty
          icon={Lock}
          heading="h1"
          title={lesson.title}
          action={
            <Link to={`/learn/${course.id}`} className={buttonStyle({ look: 'primary' })}>
              To the course
            </Link>
          }
        >
          This lesson is for those who are enrolled.
        </Empty>
      </Card>
    )
  }
  return (
    <>
      <Card bodyClassName="p-5 sm:p-7">
        <p className="text-muted text-xs">
          Lesson {lesson.position} of {course.lessons.length} · {formatDuration(lesson.durationMinutes)}
        </p>
        <h1 className="mt-1 mb-4 text-2xl font-semibold tracking-tight">{lesson.title}</h1>
        <div className="prose">
          <Markdown>{lesson.content}</Markdown>
        </div>
        {enrollment && (
          <div className="border-line mt-6 border-t pt-4">
            <Complete lesson={lesson} isCompleted={enrollment.completedLessons.some(({ id }) => id === lesson.id)} />
          </div>
        )}
      </Card>
      {lesson.quiz && enrollment && <Quiz key={lesson.id} lesson={lesson} quiz={lesson.quiz} />}
      <Neighbours course={course} lesson={lesson} />
    </>
  )
}

/** A lesson: what there is to learn, and the quiz at its end. */
export const LessonPage = () => {
  const { course: id = '', lesson: lessonId = '' } = useParams()
  const [{ data, fetching, error }, reload] = useQuery({
    query: LessonOfCourseDocument,
    variables: { course: id },
    requestPolicy: 'cache-and-network',
  })
  const course = data?.course
  const lesson = course?.lessons.find((candidate) => candidate.id === lessonId)
  useTitle(lesson?.title ?? 'Learn')
  if (!course && fetching) return <SkeletonRows rows={10} label="Loading the lesson" />
  if (!course && error !== undefined) return <Failure error={error} onRetry={reload} />
  if (!course || !lesson) return <Empty icon={BookX} heading="h1" title="There is no such lesson" />
  return (
    <div className="mx-auto max-w-3xl space-y-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <Link to={`/learn/${course.id}`} className="text-accent rounded text-sm hover:underline">
          ← {course.title}
        </Link>
        {course.viewerEnrollment && (
          <div className="w-48">
            <Progress percent={course.viewerEnrollment.progress} label="Your progress" />
          </div>
        )}
      </div>
      <LessonView course={course} lesson={lesson} />
    </div>
  )
}
