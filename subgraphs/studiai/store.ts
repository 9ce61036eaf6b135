import { insertNew } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import { coursesStore } from './courses-store.ts'
import { enrollmentsStore } from './enrollments-store.ts'
import { lessonsStore } from './lessons-store.ts'
import { defineModels } from './models.ts'

/** All that the service keeps, by what it is about. */
export type Store = Awaited<ReturnType<typeof openStore>>

/** Opens the service's collections, with their indexes. */
export const openStore = async ({ connection, buildIndexes }: Awaited<ReturnType<Platform['documents']>>) => {
  const models = defineModels(connection)
  await buildIndexes(Object.values(models))
  return {
    courses: coursesStore(models),
    lessons: lessonsStore(models),
    enrollments: enrollmentsStore(models),
    /** Whether the demo data was written: what people change of it must not come back. */
    isSeeded: async (): Promise<boolean> => (await models.seeds.exists({ _id: 'demo' })) !== null,
    markSeeded: (at: Date): Promise<boolean> => insertNew(models.seeds, { _id: 'demo', at }),
  }
}
