import { randomUUID } from 'node:crypto'
import type { DemoPerson } from '../_kit/index.ts'
import type { Answer, LiveStream, TestWorld } from '../_kit/testing/index.ts'

/** Something as it was answered: a test reads whatever it asked for. */
export type Shown = Answer['data']

type Amount = { amount: string; currency?: string; memo?: string; key?: string }

const money = 'amount { amount currency }'
export const paymentFields = `
  id status memo failureReason createdAt settledAt expiresAt refundOf { id } ${money} payer { id } payee { id } transfer { id }
  rule { id name }`
const ruleFields = `
  id name kind period memo nextRunAt ${money} payees { id } shares { percent payee { id } }`
const transferFields = `id to hash status ${money} wallet { id address }`

/** What was answered without an error; an error fails the test. */
export const accepted = async (answer: Promise<Answer>): Promise<Answer['data']> => {
  const { data, codes, errors } = await answer
  if (codes.length > 0) throw new Error(`${codes.join(', ')}: ${errors?.[0]?.message}`)
  return data
}

/** What a person does with wallets and accounts, through the schemas. */
export const createPerson = (world: Pick<TestWorld, 'as'>, person: DemoPerson | { id: string }) => {
  const wallet = world.as(person)
  const bank = world.as(person, 'bancai')

  const call = (field: string, input: Record<string, unknown>, fields: string): Promise<Answer> =>
    wallet.query(
      `mutation ($input: ${field.charAt(0).toUpperCase()}${field.slice(1)}Input!) { ${field}(input: $input) { ${fields} } }`,
      { input },
    )

  const settle = (field: string, payment: string): Promise<Answer> =>
    wallet.query(`mutation ($payment: ID!) { ${field}(payment: $payment) { ${paymentFields} } }`, { payment })

  const money = ({ amount, currency = 'EUR' }: Amount) => ({ amount, currency })

  const me = {
    id: person.id,

    account: async (amount: string, currency = 'EUR'): Promise<string> => {
      const open = `mutation ($input: OpenAccountInput!) { openAccount(input: $input) { id } }`
      const { openAccount } = await accepted(bank.query(open, { input: { name: 'Account', currency } }))
      if (Number(amount) > 0) await me.deposit(openAccount.id, amount, currency)
      return openAccount.id
    },
    deposit: (account: string, amount: string, currency = 'EUR') =>
      accepted(
        bank.query(`mutation ($input: DepositInput!) { deposit(input: $input) { id } }`, {
          input: { account, amount: { amount, currency }, idempotencyKey: randomUUID() },
        }),
      ),
    balance: async (account: string): Promise<string> =>
      (await accepted(bank.query(`query ($id: ID!) { account(id: $id) { balance { amount } } }`, { id: account })))
        .account.balance.amount,
    /** The memos of what left and reached an account, newest first. */
    entries: async (account: string) =>
      (
        await accepted(
          bank.query(
            `query ($id: ID!) { account(id: $id) { entries(first: 100) { edges { node { amount { amount } transfer { id memo } } } } } }`,
            { id: account },
          ),
        )
      ).account.entries.edges.map(({ node }: { node: unknown }) => node),

    createWallet: async (accounts: readonly string[], name = 'Wallet'): Promise<string> =>
      (await accepted(call('createWallet', { name, accounts }, 'id'))).createWallet.id,
    /** A new wallet over a new account with money in it. */
    funded: async (amount: string, currency = 'EUR'): Promise<{ wallet: string; account: string }> => {
      const account = await me.account(amount, currency)
      return { account, wallet: await me.createWallet([account]) }
    },
    wallet: async (id: string) =>
      (
        await accepted(
          wallet.query(
            `query ($id: ID!) { wallet(id: $id) { id name address owner { id } createdAt
              assets { kind account { id } amount { amount currency } } } }`,
            { id },
          ),
        )
      ).wallet,

    pay: (from: string, to: { payee: string } | { toWallet: string }, { memo, key, ...amount }: Amount) =>
      call(
        'pay',
        { wallet: from, ...to, amount: money(amount), memo, idempotencyKey: key ?? randomUUID() },
        paymentFields,
      ),
    /** Sets money aside, for an hour when nothing else is said. */
    authorize: (
      from: string,
      to: { payee: string } | { toWallet: string },
      { memo, key, expiresAt = new Date(Date.now() + 3_600_000), ...amount }: Amount & { expiresAt?: Date },
    ) =>
      call(
        'authorizePayment',
        { wallet: from, ...to, amount: money(amount), memo, expiresAt, idempotencyKey: key ?? randomUUID() },
        paymentFields,
      ),
    capture: (payment: string) => settle('capturePayment', payment),
    release: (payment: string) => settle('releasePayment', payment),
    refund: (payment: string) => settle('refundPayment', payment),
    request: (to: string, { payer, memo, key, ...amount }: Amount & { payer: string }) =>
      call(
        'requestPayment',
        { wallet: to, payer, amount: money(amount), memo, idempotencyKey: key ?? randomUUID() },
        paymentFields,
      ),
    /** As `request`, for the id of the payment. */
    ask: async (to: string, asked: Amount & { payer: string }): Promise<string> =>
      (await accepted(me.request(to, asked))).requestPayment.id,
    answer: (payment: string, from?: string) =>
      call('answerPaymentRequest', { payment, accept: from !== undefined, wallet: from }, paymentFields),

    payment: async (id: string) =>
      (await accepted(wallet.query(`query ($id: ID!) { payment(id: $id) { ${paymentFields} } }`, { id }))).payment,
    payments: async (id: string, page: { first?: number; after?: string } = {}) =>
      (
        await accepted(
          wallet.query(
            `query ($id: ID!, $first: Int, $after: String) { wallet(id: $id) { payments(first: $first, after: $after) {
              edges { node { ${paymentFields} } } pageInfo { hasNextPage endCursor } } } }`,
            { id, ...page },
          ),
        )
      ).wallet.payments,
    requests: async () =>
      (
        await accepted(
          wallet.query(
            `query ($people: [_Any!]!) { _entities(representations: $people) { ... on User {
              paymentRequests { edges { node { ${paymentFields} } } } } } }`,
            { people: [{ __typename: 'User', id: person.id }] },
          ),
        )
      )._entities[0].paymentRequests.edges.map(({ node }: { node: unknown }) => node),

    addRule: (of: string, terms: Record<string, unknown>, name = 'Rule') =>
      call('addRule', { wallet: of, name, ...terms }, ruleFields),
    removeRule: (rule: string) =>
      wallet.query(`mutation ($rule: ID!) { removeRule(rule: $rule) { ${ruleFields} } }`, { rule }),
    rules: async (of: string) =>
      (
        await accepted(
          wallet.query(
            `query ($id: ID!) { wallet(id: $id) { rules(first: 100) { edges { node { ${ruleFields} } } } } }`,
            { id: of },
          ),
        )
      ).wallet.rules.edges.map(({ node }: { node: unknown }) => node),

    send: (from: string, to: string, amount: string, key: string = randomUUID()) =>
      call('sendOnChain', { wallet: from, to, amount, idempotencyKey: key }, transferFields),

    listen: (to: string): Promise<LiveStream> =>
      wallet.subscribe(`subscription ($wallet: ID!) { paymentReceived(wallet: $wallet) { ${paymentFields} } }`, {
        wallet: to,
      }),
  }
  return me
}
