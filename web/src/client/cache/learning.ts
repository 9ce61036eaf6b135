import { forget, linkNode, nodeIn } from './lists.ts'
import { me, onField } from './updates.ts'
import type { Updates } from './updates.ts'

/** Courses and how far one is in them. */
export const learning: Updates = {
  Mutation: {
    enroll: onField('enroll', (enrollment, cache) => {
      linkNode(cache, me(cache), 'enrollments', nodeIn(enrollment))
      // Its lessons can be read now.
      const course = nodeIn(enrollment['course'])
      if (course !== undefined) forget(cache, course, 'lessons')
    }),
  },
}
