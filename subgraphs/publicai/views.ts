import { maySee, notFound, requireUser } from '../_kit/index.ts'
import type { Context } from './context.ts'
import type { ApiKeyRecord, DeveloperAppRecord } from './records.ts'

/** An app, if the caller may see it; else null, as if it did not exist. */
export const visibleApp = async (context: Context, id: string): Promise<DeveloperAppRecord | null> => {
  const app = await context.loaders.app.load(id)
  return app && maySee(context, app.ownerId) ? app : null
}

/** A key, if the caller may see its app; else null. */
export const visibleKey = async (context: Context, id: string): Promise<ApiKeyRecord | null> => {
  const key = await context.loaders.key.load(id)
  return key && maySee(context, key.ownerId) ? key : null
}

/** The app of something whose viewer may see it. It may be deleted just now: NOT_FOUND then. */
export const appOf = async (context: Context, { appId }: { appId: string }): Promise<DeveloperAppRecord> => {
  const app = await context.loaders.app.load(appId)
  if (!app) throw notFound('DeveloperApp', appId)
  return app
}

/** The caller's own app. NOT_FOUND for any other. */
export const ownApp = async (context: Context, id: string): Promise<DeveloperAppRecord> => {
  const app = await context.loaders.app.load(id)
  if (app?.ownerId !== requireUser(context)) throw notFound('DeveloperApp', id)
  return app
}
