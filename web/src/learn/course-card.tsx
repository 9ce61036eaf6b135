import { Clock, GraduationCap, Users } from 'lucide-react'
import { Link } from 'react-router'
import type { CourseSummaryFragment } from '../.generated/learn.ts'
import { Badge } from '../design/badge.tsx'
import { classNames } from '../design/class-names.ts'
import { Stars } from '../design/stars.tsx'
import { formatDuration, levelWords } from './words.ts'

/** How far somebody is, as a bar and in percent. */
export const Progress = ({ percent, label }: { percent: number; label: string }) => (
  <div className="flex items-center gap-2">
    <progress
      aria-label={label}
      value={percent}
      max={100}
      className={classNames(
        '[&::-webkit-progress-bar]:bg-raised h-2 min-w-0 flex-1 appearance-none overflow-hidden rounded-full [&::-webkit-progress-value]:rounded-full',
        percent === 100
          ? '[&::-moz-progress-bar]:bg-up-solid [&::-webkit-progress-value]:bg-up-solid'
          : '[&::-moz-progress-bar]:bg-accent-solid [&::-webkit-progress-value]:bg-accent-solid',
      )}
    />
    <span className="figures text-muted w-9 text-right text-xs">{percent}%</span>
  </div>
)

type CourseCardProps = { readonly course: CourseSummaryFragment; readonly progress?: number }

/** A course among others; of an own one, how far one is. */
export const CourseCard = ({ course, progress }: CourseCardProps) => (
  <li
    aria-label={course.title}
    className="bg-surface border-line shadow-card hover:border-edge relative flex flex-col gap-2 rounded-xl border p-4 transition"
  >
    <div className="flex items-center justify-between gap-2">
      <Badge tone="accent">{levelWords[course.level]}</Badge>
      <Stars rating={course.rating} count={course.ratingCount} />
    </div>
    <h3 className="text-base leading-snug font-semibold">
      <Link to={`/learn/${course.id}`} className="after:absolute after:inset-0">
        {course.title}
      </Link>
    </h3>
    <p className="text-muted line-clamp-3 text-sm">{course.summary}</p>
    <p className="text-muted mt-auto flex flex-wrap gap-x-3 gap-y-1 pt-1 text-xs">
      <span className="flex items-center gap-1">
        <GraduationCap aria-hidden className="size-3.5" /> {course.teacher.handle}
      </span>
      <span className="flex items-center gap-1">
        <Clock aria-hidden className="size-3.5" /> {formatDuration(course.durationMinutes)}
      </span>
      <span className="flex items-center gap-1">
        <Users aria-hidden className="size-3.5" /> {course.enrolledCount} enrolled
      </span>
    </p>
    {progress !== undefined && <Progress percent={progress} label={`Progress in ${course.title}`} />}
  </li>
)
