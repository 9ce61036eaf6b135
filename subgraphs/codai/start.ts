import { repeat } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import { createAttempt } from './attempt.ts'
import { offerBuiltIn } from './built-in.ts'
import { createConductor, leaseMs } from './conductor.ts'
import type { Service } from './context.ts'

const pauseMs = 500

/** Offers what comes with the system, and works on runs, also on those that another process left behind. Any number of processes may do it at once. */
export const start = async (service: Service, platform: Platform): Promise<void> => {
  const { store, graph, progress, onWake } = service
  const { newId, now, logger } = platform
  await offerBuiltIn({ store, graph, logger })
  const conductor = createConductor({
    store,
    attempt: createAttempt(graph),
    announce: progress.announce,
    lease: newId(),
    now,
    logger,
  })
  onWake(() => {
    conductor.takeDue().catch((error: unknown) => logger.warn({ err: error }, 'new runs have to wait'))
  })
  repeat(platform, 'renewing the hold on workflow runs', async () => {
    await conductor.renew()
    return leaseMs / 4
  })
  repeat(
    platform,
    'working on workflow runs',
    async () => {
      await conductor.takeDue()
      return pauseMs
    },
    conductor.stop,
  )
}
