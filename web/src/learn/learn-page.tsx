import { BookOpen, Search } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useQuery } from 'urql'
import { CoursesDocument, MyCoursesDocument } from '../.generated/learn.ts'
import type { CourseLevel } from '../.generated/learn.ts'
import { useSignedIn } from '../client/provider.tsx'
import { Button } from '../design/button.tsx'
import { Card } from '../design/card.tsx'
import { inputStyle } from '../design/field.tsx'
import { Segmented } from '../design/segmented.tsx'
import { Empty, Failure, SkeletonRows } from '../design/states.tsx'
import { useTitle } from '../shared/hooks.ts'
import { CourseCard } from './course-card.tsx'

const gridStyle = 'grid gap-3 sm:grid-cols-2 lg:grid-cols-3'

/** The courses that one has begun. */
const Own = () => {
  const [{ data }] = useQuery({ query: MyCoursesDocument, requestPolicy: 'cache-and-network' })
  const enrollments = data?.me?.enrollments?.edges.map(({ node }) => node) ?? []
  if (enrollments.length === 0) return null
  return (
    <section aria-labelledby="own-courses">
      <h2 id="own-courses" className="text-muted mb-2 px-1 text-sm font-semibold">
        Your courses
      </h2>
      <ul aria-label="Your courses" className={gridStyle}>
        {enrollments.map(({ id, course, progress }) => (
          <CourseCard key={id} course={course} progress={progress} />
        ))}
      </ul>
    </section>
  )
}

type PageProps = { readonly search: string; readonly level: CourseLevel | null; readonly after: string | null }

const Catalogue = ({ search, level, after }: PageProps) => {
  const [{ data, fetching, error }, reload] = useQuery({
    query: CoursesDocument,
    variables: { search: search === '' ? null : search, level, after },
    requestPolicy: 'cache-and-network',
  })
  const [more, setMore] = useState(false)
  const page = data?.courses
  if (!page && fetching) return <SkeletonRows rows={6} label="Loading courses" />
  if (!page && error !== undefined) return <Failure error={error} onRetry={reload} />
  if (!page) return null
  if (page.edges.length === 0 && after === null) {
    return (
      <Card>
        <Empty icon={BookOpen} title="No course fits">
          Try other words, or another level.
        </Empty>
      </Card>
    )
  }
  const { hasNextPage, endCursor } = page.pageInfo
  return (
    <>
      <ul aria-label={after === null ? 'Courses' : 'More courses'} className={gridStyle}>
        {page.edges.map(({ node }) => (
          <CourseCard key={node.id} course={node} />
        ))}
      </ul>
      {hasNextPage && !more && (
        <div className="flex justify-center pt-3">
          <Button onClick={() => setMore(true)}>Show more</Button>
        </div>
      )}
      {hasNextPage && more && (
        <div className="pt-3">
          <Catalogue search={search} level={level} after={endCursor} />
        </div>
      )}
    </>
  )
}

const typingPauseMs = 250

/** What there is to learn. */
export const LearnPage = () => {
  useTitle('Learn')
  const signedIn = useSignedIn() !== null
  const [typed, setTyped] = useState('')
  const [search, setSearch] = useState('')
  const [level, setLevel] = useState<CourseLevel | 'ALL'>('ALL')
  useEffect(() => {
    const timer = setTimeout(() => setSearch(typed.trim()), typingPauseMs)
    return () => clearTimeout(timer)
  }, [typed])
  return (
    <div className="mx-auto max-w-6xl space-y-5">
      <h1 className="text-2xl font-semibold tracking-tight">Learn</h1>
      {signedIn && <Own />}
      <section aria-labelledby="catalogue" className="space-y-3">
        <h2 id="catalogue" className="text-muted px-1 text-sm font-semibold">
          All courses
        </h2>
        <div className="flex flex-wrap gap-3">
          <search className="relative min-w-60 flex-1">
            <Search aria-hidden className="text-muted absolute top-3 left-3 size-4" />
            <input
              type="search"
              aria-label="Search courses"
              placeholder="Search courses"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              className={`${inputStyle} h-10 pl-9`}
            />
          </search>
          <Segmented
            label="Level"
            value={level}
            onChange={setLevel}
            options={[
              { value: 'ALL', label: 'All' },
              { value: 'BEGINNER', label: 'Beginner' },
              { value: 'INTERMEDIATE', label: 'Intermediate' },
              { value: 'ADVANCED', label: 'Advanced' },
            ]}
            className="max-w-full overflow-x-auto"
          />
        </div>
        <Catalogue key={`${search} ${level}`} search={search} level={level === 'ALL' ? null : level} after={null} />
      </section>
    </div>
  )
}
