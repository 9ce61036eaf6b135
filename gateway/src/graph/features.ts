import { DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES } from '@apollo/federation-internals'

/** What a supergraph may be marked as needing from its gateway. */
export const SUPPORTED_FEATURES: Set<string> = new Set([
  ...DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES,
  'https://specs.apollo.dev/context/v0.1',
  // These are enforced by the gateway itself (security/), before anything is fetched.
  'https://specs.apollo.dev/authenticated/v0.1',
  'https://specs.apollo.dev/requiresScopes/v0.1',
  // Known here only so that readSecurityRules can refuse it in words of its own.
  'https://specs.apollo.dev/policy/v0.1',
])
