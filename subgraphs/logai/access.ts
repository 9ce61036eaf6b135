import { actingUser, forbidden, requireMaySee, unauthenticated } from '../_kit/index.ts'
import type { Context } from './context.ts'
import type { SessionRecord, UserRecord } from './records.ts'

/** What an application was allowed by its scopes; undefined for a person who acts directly, and for services. */
const delegatedScopes = ({ identity }: Context): readonly string[] | undefined =>
  identity.kind === 'user' && identity.scopes.length > 0 ? identity.scopes : undefined

/**
 * Refuses with FORBIDDEN whoever may not see a private field of a person: others, but administrators and services, and
 * applications that were not granted `scope`.
 */
export const requirePrivate = (context: Context, userId: string, what: string, scope?: string): void => {
  requireMaySee(context, userId, what)
  const scopes = delegatedScopes(context)
  if (scopes && (scope === undefined || !scopes.includes(scope))) {
    throw forbidden(`The application was not allowed to see ${what}.`)
  }
}

/**
 * The account of the caller with the session that the caller acts in: what changes an account needs both. Applications
 * and services do not change accounts: FORBIDDEN. A session that has ended gives UNAUTHENTICATED, although its access
 * token may live some minutes more.
 */
export const requireAccount = async (context: Context): Promise<{ user: UserRecord; session: SessionRecord }> => {
  const { identity, service, loaders } = context
  if (identity.kind === 'anonymous') throw unauthenticated()
  if (identity.kind === 'service' || delegatedScopes(context)) {
    throw forbidden('Only the person may do this, signed in to Codai itself.')
  }
  const session = identity.sessionId === undefined ? undefined : await service.sessions.byId(identity.sessionId)
  const user = await loaders.users.load(identity.userId)
  if (!user || session?.userId !== user.id || session.clientId !== null) {
    throw unauthenticated('This session has ended. Sign in again.')
  }
  return { user, session }
}

/** The id of a person who acts directly. FORBIDDEN for applications. */
export const requirePerson = (context: Context): string => {
  const userId = actingUser(context)
  if (userId === undefined) throw unauthenticated()
  if (delegatedScopes(context)) throw forbidden('Only the person may do this, signed in to Codai itself.')
  return userId
}
