import { randomUUID } from 'node:crypto'
import type { Answer, TestClient, TestWorld } from '../_kit/testing/index.ts'
import type { Ledger } from './context.ts'

type Options = { currency?: string; key?: string; memo?: string; reason?: string; expiresAt?: Date }

const money = `amount { amount currency }`
const transferFields = `
  id kind status memo idempotencyKey createdAt ${money}
  from { id } to { id } entries { amount { amount currency } account { id } }`
const holdFields = `
  id status reason service expiresAt ${money} captured { amount } remaining { amount }
  account { id balance { amount } available { amount } }`

/** What was answered without an error; an error fails the test. */
export const accepted = async (answer: Promise<Answer>): Promise<Answer['data']> => {
  const { data, codes, errors } = await answer
  if (codes.length > 0) throw new Error(`${codes.join(', ')}: ${errors?.[0]?.message}`)
  return data
}

/** What people and services do at the counter of the bank, through its schema. */
export const createTeller = (client: TestClient) => {
  const open = async (currency = 'EUR', name = 'Account'): Promise<string> => {
    const document = `mutation ($input: OpenAccountInput!) { openAccount(input: $input) { id } }`
    return (await accepted(client.query(document, { input: { name, currency } }))).openAccount.id
  }

  const deposit = (account: string, amount: string, { currency = 'EUR', key = randomUUID() }: Options = {}) =>
    client.query(`mutation ($input: DepositInput!) { deposit(input: $input) { ${transferFields} } }`, {
      input: { account, amount: { amount, currency }, idempotencyKey: key },
    })

  return {
    open,
    deposit,
    /** A new account with money in it. */
    funded: async (amount: string, currency = 'EUR'): Promise<string> => {
      const account = await open(currency)
      await accepted(deposit(account, amount, { currency }))
      return account
    },
    transfer: (
      from: string,
      to: string,
      amount: string,
      { currency = 'EUR', key = randomUUID(), memo }: Options = {},
    ) =>
      client.query(`mutation ($input: TransferInput!) { transfer(input: $input) { ${transferFields} } }`, {
        input: { from, to, amount: { amount, currency }, memo, idempotencyKey: key },
      }),
    authorize: (account: string, amount: string, options: Options = {}) => {
      const { currency = 'EUR', key = randomUUID(), reason = 'Something to come', expiresAt } = options
      return client.query(`mutation ($input: AuthorizeHoldInput!) { authorizeHold(input: $input) { ${holdFields} } }`, {
        input: { account, amount: { amount, currency }, reason, expiresAt, idempotencyKey: key },
      })
    },
    capture: (
      hold: string,
      to: string,
      amount?: string,
      { currency = 'EUR', key = randomUUID(), memo }: Options = {},
    ) =>
      client.query(`mutation ($input: CaptureHoldInput!) { captureHold(input: $input) { ${transferFields} } }`, {
        input: { hold, to, ...(amount && { amount: { amount, currency } }), memo, idempotencyKey: key },
      }),
    settle: (
      legs: readonly { hold: string; to: string; amount: string; currency?: string }[],
      { key = randomUUID(), memo }: Options = {},
    ) =>
      client.query(`mutation ($input: CaptureHoldsInput!) { captureHolds(input: $input) { ${transferFields} } }`, {
        input: {
          legs: legs.map(({ hold, to, amount, currency = 'EUR' }) => ({ hold, to, amount: { amount, currency } })),
          memo,
          idempotencyKey: key,
        },
      }),
    release: (hold: string) =>
      client.query(`mutation ($hold: ID!) { releaseHold(hold: $hold) { ${holdFields} } }`, { hold }),
    hold: async (id: string) =>
      (
        await accepted(
          client.query(`query ($of: [_Any!]!) { _entities(representations: $of) { ... on Hold { ${holdFields} } } }`, {
            of: [{ __typename: 'Hold', id }],
          }),
        )
      )._entities[0],
    /** Balance and available amount of an account; null for one that the caller may not see. */
    balances: async (id: string): Promise<{ balance: string; available: string } | null> => {
      const document = `query ($id: ID!) { account(id: $id) { balance { amount } available { amount } } }`
      const { account } = await accepted(client.query(document, { id }))
      return account && { balance: account.balance.amount, available: account.available.amount }
    },
  }
}

/** The ledger behind the schema, for what only operators can ask. */
export const ledgerOf = (world: TestWorld): Ledger => world.hosted('bancai').service as Ledger
