import { maySee } from '../_kit/index.ts'
import type { Context } from './context.ts'
import type { OAuthClientRecord, UserRecord } from './records.ts'

type TokenIntrospection = {
  active: boolean
  user: UserRecord | null
  client: OAuthClientRecord | null
  scopes: string[] | null
  expiresAt: Date | null
}

const inactive: TokenIntrospection = { active: false, user: null, client: null, scopes: null, expiresAt: null }

/** What a token is worth, as its own person, its own application or an administrator may know it. */
export const introspect = async (context: Context, token: string): Promise<TokenIntrospection> => {
  const { service, loaders } = context
  const state = await service.introspection.stateOf(token)
  if (!state || !maySee(context, state.subject)) return inactive
  const { userId, clientId, scopes, expiresAt } = state
  return {
    active: true,
    user: userId === null ? null : await loaders.users.load(userId),
    client: clientId === null ? null : await loaders.oauthClients.load(clientId),
    scopes,
    expiresAt,
  }
}
