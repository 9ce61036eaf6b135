import { createWatch } from '../_kit/index.ts'
import type { Platform, Watch } from '../_kit/index.ts'
import type { EnrollmentRecord } from './enrollments-store.ts'
import type { Store } from './store.ts'

/** The live side of enrollments. */
export const createLive = ({ enrollments }: Store, platform: Platform): Watch<EnrollmentRecord> =>
  createWatch(platform, {
    typeName: 'Enrollment',
    read: async (id) => (await enrollments.byIds([id]))[0],
    versionOf: ({ version }) => version,
  })
