/** A person of the demo data. */
export type DemoPerson = { id: string; handle: string; email: string }

/** The people of the demo data. Services refer to them by key only. */
export const demoPeople = {
  ada: { id: '01JADA00000000000000000000', handle: 'ada', email: 'ada@example.org' },
  bob: { id: '01JB0B00000000000000000000', handle: 'bob', email: 'bob@example.org' },
  carol: { id: '01JCAR00000000000000000000', handle: 'carol', email: 'carol@example.org' },
  /** Keeps the demo instruments moving; nobody can sign in as it. */
  marketMaker: { id: '01JMARKETMAKER000000000000', handle: 'market_maker', email: 'market-maker@example.org' },
  /** Runs the system. */
  admin: { id: '01JADM1N000000000000000000', handle: 'admin', email: 'admin@example.org' },
} as const satisfies Record<string, DemoPerson>

/** With it everyone of the demo data signs in, but the market maker. */
export const demoPassword = 'correct-horse-battery'
