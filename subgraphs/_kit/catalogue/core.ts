import type { CatalogueEntry } from './entry.ts'

/** The applications that people know by name. */
export const core = {
  codai: {
    port: 3000,
    priority: 1,
    purpose: 'the hub: catalogue of services, projects, orchestrated workflows',
    stores: ['relational', 'events'],
    dependencies: ['logai'],
  },
  memorai: {
    port: 3001,
    priority: 1,
    purpose: 'long-term memory for people and their assistants',
    stores: ['relational', 'events', 'vectors'],
    dependencies: ['codai', 'fabricai'],
  },
  logai: {
    port: 3002,
    priority: 1,
    purpose: 'identity: sign-up, sign-in, sessions, multi-factor, OAuth 2.0',
    stores: ['relational', 'events', 'cache'],
    dependencies: [],
  },
  bancai: {
    port: 3003,
    priority: 2,
    purpose: 'accounts and a double-entry ledger',
    stores: ['relational', 'events'],
    dependencies: [],
  },
  wallet: {
    port: 3004,
    priority: 2,
    purpose: 'programmable wallets',
    stores: ['relational', 'events', 'chain'],
    dependencies: ['bancai'],
  },
  fabricai: {
    port: 3005,
    priority: 2,
    purpose: 'AI services: models, inference, streaming',
    stores: ['relational', 'events', 'cache'],
    dependencies: [],
  },
  studiai: {
    port: 3006,
    priority: 3,
    purpose: 'education',
    stores: ['documents'],
    dependencies: [],
  },
  sociai: {
    port: 3007,
    priority: 3,
    purpose: 'social network',
    stores: ['documents', 'cache'],
    dependencies: ['logai'],
  },
  cumparai: {
    port: 3008,
    priority: 3,
    purpose: 'shopping',
    stores: ['documents'],
    dependencies: ['wallet'],
  },
  x: {
    port: 3009,
    priority: 2,
    purpose: 'trading: price-time priority matching',
    stores: ['relational', 'events'],
    dependencies: ['bancai'],
  },
  publicai: {
    port: 3010,
    priority: 2,
    purpose: 'the third parties’ door',
    stores: ['relational', 'events', 'cache'],
    dependencies: [],
  },
} as const satisfies Record<string, CatalogueEntry>
