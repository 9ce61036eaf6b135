import { forbidden, isAdmin, unauthenticated } from '@codai/runtime'
import type { Identity } from '@codai/runtime'

type WithIdentity = { identity: Identity }

/** The person who acts: the caller, or the person for whom a service acts. UNAUTHENTICATED when there is none. */
export const requireUser = ({ identity }: WithIdentity): string => {
  const userId = actingUser({ identity })
  if (userId === undefined) throw unauthenticated()
  return userId
}

/** As `requireUser`, but undefined when nobody acts. */
export const actingUser = ({ identity }: WithIdentity): string | undefined => {
  if (identity.kind === 'user') return identity.userId
  return identity.kind === 'service' ? identity.onBehalfOf : undefined
}

/** The name of the calling service. FORBIDDEN for people. */
export const requireService = ({ identity }: WithIdentity): string => {
  if (identity.kind !== 'service') throw forbidden('Only services of the graph may do this.')
  return identity.service
}

/**
 * Whether the caller may see what belongs to a person: the person, an administrator, or a service — but a service that
 * acts for somebody sees only what that person may see, so that a service never becomes a way around.
 */
export const maySee = ({ identity }: WithIdentity, ownerId: string): boolean => {
  if (identity.kind === 'service') return identity.onBehalfOf === undefined || identity.onBehalfOf === ownerId
  if (identity.kind === 'user') return identity.userId === ownerId || isAdmin(identity)
  return false
}

/** Refuses with FORBIDDEN whoever may not see what belongs to a person. `what` completes "Only … may see". */
export const requireMaySee = (context: WithIdentity, ownerId: string, what: string): void => {
  if (!maySee(context, ownerId)) throw forbidden(`Only the person may see ${what}.`)
}
