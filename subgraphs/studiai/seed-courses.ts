import type { demoPeople } from '../_kit/index.ts'
import { bookkeeping } from './seed-bookkeeping.ts'
import { bread } from './seed-bread.ts'
import { graphs } from './seed-graphs.ts'
import type { CourseLevel, CourseStatus, QuestionDocument } from './models.ts'

/** Who of the demo people teaches. */
export type DemoTeacher = keyof Pick<typeof demoPeople, 'ada' | 'bob' | 'carol'>

/** A lesson of the demo data. */
export type DemoLesson = { title: string; minutes: number; content: string; quiz?: readonly QuestionDocument[] }

/** A course of the demo data. */
export type DemoCourse = {
  /** The end of its id. */
  name: string
  teacher: DemoTeacher
  title: string
  summary: string
  level: CourseLevel
  tags: readonly string[]
  status: CourseStatus
  daysAgo: number
  lessons: readonly DemoLesson[]
}

const orderBooks: DemoCourse = {
  name: '0RDERB00KS',
  teacher: 'ada',
  title: 'How an order book thinks',
  summary: 'Price, time, and what happens when two orders meet. Still being written.',
  level: 'ADVANCED',
  tags: ['trading', 'markets'],
  status: 'DRAFT',
  daysAgo: 3,
  lessons: [
    {
      title: 'Bids and asks',
      minutes: 8,
      content:
        '# Bids and asks\n\nA **bid** says what somebody pays, an **ask** what somebody wants. The best bid is always below the best ask: if it were not, the two would have traded already.',
    },
  ],
}

/** What the demo people teach. */
export const demoCourses: readonly DemoCourse[] = [bookkeeping, graphs, bread, orderBooks]
