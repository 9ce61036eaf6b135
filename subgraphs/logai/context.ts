import { requireConfig } from '@codai/runtime'
import { loader } from '../_kit/index.ts'
import type { ContextOf, LoaderRequest, Platform } from '../_kit/index.ts'
import { createAccounts } from './accounts.ts'
import { createGrants } from './grants.ts'
import { createIntrospection } from './introspection.ts'
import { createSigningKeys } from './keys.ts'
import { createLimits } from './limits.ts'
import { createOAuthClients } from './oauth-clients.ts'
import { createPasswordVerifier } from './passwords.ts'
import { createSecondFactor } from './second-factor.ts'
import { createSessions } from './sessions.ts'
import { createStore } from './store.ts'
import { createTokens } from './tokens.ts'
import { createSealer } from './vault.ts'

/** Opens identity over its tables, keys and limits. */
export const open = async (platform: Platform) => {
  const { config, now, newId, logger } = platform
  const secret = requireConfig(config, 'identitySecret')
  const store = createStore(await platform.relational(), await platform.events())
  const keys = createSigningKeys({ store, sealer: createSealer(secret, 'signing keys'), now, logger })
  const tokens = createTokens({ keys, issuer: config.issuerUrl, now, newId })
  const sessions = createSessions(store, tokens, platform)
  const limits = createLimits(platform)
  const secondFactor = createSecondFactor(store, limits, createSealer(secret, 'second factors'), platform)
  const verifier = await createPasswordVerifier()
  const accounts = createAccounts({ store, sessions, limits, secondFactor, verifier }, platform)
  const oauthClients = createOAuthClients(store, sessions, platform)
  const grants = createGrants(store, sessions, tokens, platform)
  const introspection = createIntrospection(store, sessions, tokens, now)
  return { now, store, keys, sessions, secondFactor, accounts, oauthClients, grants, introspection }
}

/** The domain, as `open` gives it. */
export type Service = Awaited<ReturnType<typeof open>>

/** The batched reads of one request. */
export const loaders = ({ store }: Service, _request: LoaderRequest) => ({
  users: loader(store.usersByIds, ({ id }) => id),
  sessions: loader(store.sessionsByIds, ({ id }) => id),
  oauthClients: loader(store.oauthClientsByIds, ({ id }) => id),
  factors: loader(store.factorStates, ({ userId }) => userId),
})

/** What resolvers get. */
export type Context = ContextOf<typeof open, typeof loaders>
