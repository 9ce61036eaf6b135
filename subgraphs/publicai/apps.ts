import { codedError, notFound, requireId, requireKey, requiredText } from '../_kit/index.ts'
import { firstPlan, requirePlan } from './plans.ts'
import type { DeveloperAppRecord } from './records.ts'
import type { Requests } from './requests.ts'
import type { Store } from './store.ts'
import type { DoorTransaction } from './transaction.ts'

const mostApps = 20

/** Locks an own app, with its keys and operations. NOT_FOUND for anybody else's. */
export const lockOwnApp = async (tx: DoorTransaction, userId: string, appId: string): Promise<DeveloperAppRecord> => {
  const app = await tx.lockApp(appId)
  if (app?.ownerId !== userId) throw notFound('DeveloperApp', appId)
  return app
}

/** Creates, changes and deletes apps. */
export const createApps = (options: { store: Store; requests: Requests; now: () => Date }) => {
  const { store, requests, now } = options

  return {
    /** Creates an app, once for each idempotency key. LIMIT_EXCEEDED at a person's 21st. */
    createApp: async (userId: string, input: { name: string; idempotencyKey: string }): Promise<DeveloperAppRecord> => {
      const name = requiredText(input.name, 60, 'name')
      const call = { actor: userId, key: requireKey(input.idempotencyKey), operation: 'createApp', content: [name] }
      const { id } = await requests.once(call, async (tx, appId) => {
        await tx.lockPerson(userId)
        if ((await tx.countApps(userId)) >= mostApps) {
          throw codedError('LIMIT_EXCEEDED', `A person has at most ${mostApps} apps.`)
        }
        const app = { id: appId, ownerId: userId, name, plan: firstPlan, createdAt: now(), deletedAt: null }
        await tx.insertApp(app)
        await tx.publish({ type: 'publicai.appCreated', key: appId, payload: { app: appId, owner: userId } })
      })
      const [app] = await store.apps([id])
      if (!app) throw codedError('CONFLICT', 'The app that this idempotency key created was deleted.')
      return app
    },

    /** Deletes an own app and ends its keys. */
    deleteApp: (userId: string, appId: string): Promise<DeveloperAppRecord> => {
      const id = requireId('DeveloperApp', appId)
      return store.transact(async (tx) => {
        const app = await lockOwnApp(tx, userId, id)
        const deletedAt = now()
        await tx.revokeKeys(id, deletedAt)
        await tx.updateApp(id, { deletedAt })
        await tx.publish({ type: 'publicai.appDeleted', key: id, payload: { app: id, owner: userId } })
        return { ...app, deletedAt }
      })
    },

    /** Puts an own app on another plan. */
    changePlan: (userId: string, input: { app: string; plan: string }): Promise<DeveloperAppRecord> => {
      const id = requireId('DeveloperApp', input.app)
      return store.transact(async (tx) => {
        const app = await lockOwnApp(tx, userId, id)
        const { id: plan } = requirePlan(input.plan)
        if (app.plan === plan) return app
        await tx.updateApp(id, { plan })
        const payload = { app: id, owner: userId, plan, before: app.plan }
        await tx.publish({ type: 'publicai.planChanged', key: id, payload })
        return { ...app, plan }
      })
    },
  }
}
