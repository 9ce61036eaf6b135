/** A person of the demo data. */
export type DemoPerson = { id: string; handle: string; email: string }

/** One account in each of the currencies that trade. */
export type DemoAccounts = Readonly<Record<'EUR' | 'BTC' | 'ETH' | 'CDX', string>>

const accountsOf = (prefix: string): DemoAccounts => ({
  EUR: `${prefix}EVR1`,
  BTC: `${prefix}BTC1`,
  ETH: `${prefix}ETH1`,
  CDX: `${prefix}CDX1`,
})

/** The people of the demo data. Services refer to them by key only. */
export const demoPeople = {
  ada: { id: '01JADA00000000000000000000', handle: 'ada', email: 'ada@example.org' },
  bob: { id: '01JB0B00000000000000000000', handle: 'bob', email: 'bob@example.org' },
  carol: { id: '01JCAR00000000000000000000', handle: 'carol', email: 'carol@example.org' },
  /** Keeps the demo instruments moving; nobody can sign in as it. */
  marketMaker: { id: '01JMARKETMAKER000000000000', handle: 'market_maker', email: 'market-maker@example.org' },
  /** Takes what the market maker offers, so that the demo instruments trade; nobody can sign in as it. */
  liquidityTaker: { id: '01JTAKER000000000000000000', handle: 'liquidity_taker', email: 'liquidity-taker@example.org' },
  /** Runs the system. */
  admin: { id: '01JADM1N000000000000000000', handle: 'admin', email: 'admin@example.org' },
} as const satisfies Record<string, DemoPerson>

/**
 * The accounts of the demo data, by person and currency. Services refer to them by key only.
 * The ids are ULIDs, whose alphabet has no U: EVR stands for EUR.
 */
export const demoAccounts = {
  ada: accountsOf('01JADA0000000000000000'),
  bob: accountsOf('01JB0B0000000000000000'),
  carol: accountsOf('01JCAR0000000000000000'),
  marketMaker: accountsOf('01JMARKETMAKER00000000'),
  liquidityTaker: accountsOf('01JTAKER00000000000000'),
} as const satisfies Partial<Record<keyof typeof demoPeople, DemoAccounts>>

/** The wallets of the demo data, one a person, over all of the person's demo accounts. */
export const demoWallets = {
  ada: '01JADAWA11ET00000000000001',
  bob: '01JB0BWA11ET00000000000001',
  carol: '01JCARWA11ET00000000000001',
} as const satisfies Partial<Record<keyof typeof demoAccounts, string>>

/** With it everyone of the demo data signs in, but the market maker and the liquidity taker. */
export const demoPassword = 'correct-horse-battery'
