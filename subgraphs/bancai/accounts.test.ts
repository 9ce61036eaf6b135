import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoAccounts, demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { Answer, TestClient, TestWorld } from '../_kit/testing/index.ts'
import { accepted, createTeller } from './ledger.fixture.ts'
import bancai from './subgraph.ts'

const { ada, bob } = demoPeople

let world: TestWorld
beforeAll(async () => {
  world = await startWorld([bancai])
})
afterAll(() => world?.stop())

let people = 0
/** Somebody who has nothing yet. */
const newcomer = (): { id: string } => ({ id: `newcomer-${(people += 1)}` })

const openAccount = (client: TestClient, input: Record<string, unknown>): Promise<Answer> =>
  client.query('mutation ($input: OpenAccountInput!) { openAccount(input: $input) { id name owner { id } } }', {
    input,
  })

const asUser = async (client: TestClient, id: string, selection: string): Promise<Answer> =>
  client.query(`query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { ${selection} } } }`, {
    of: [{ __typename: 'User', id }],
  })

describe('opening accounts', () => {
  it('gives a person an empty account with the name and currency they asked for', async () => {
    const { openAccount: account } = await accepted(
      world
        .as(newcomer())
        .query(
          'mutation { openAccount(input: { name: "  Rent ", currency: "JPY" }) { name currency balance { amount currency } available { amount } } }',
        ),
    )
    expect(account).toEqual({
      name: 'Rent',
      currency: 'JPY',
      balance: { amount: '0', currency: 'JPY' },
      available: { amount: '0' },
    })
  })

  it('stops at 20 accounts, also when they are all opened at once', async () => {
    const client = world.as(newcomer())
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => openAccount(client, { name: `Pot ${index}`, currency: 'EUR' })),
    )
    expect(answers.filter(({ codes }) => codes.length === 0)).toHaveLength(20)
    expect(answers.flatMap(({ codes }) => codes)).toEqual(Array.from({ length: 10 }, () => 'LIMIT_EXCEEDED'))
  })

  it('opens one account for one key, however often and however quickly it is asked', async () => {
    const client = world.as(newcomer())
    const input = { name: 'Savings', currency: 'EUR', idempotencyKey: 'savings' }
    const answers = await Promise.all(Array.from({ length: 10 }, () => openAccount(client, input)))
    expect(new Set(answers.map(({ data }) => data.openAccount.id)).size).toBe(1)
    expect((await openAccount(client, { ...input, name: 'Other' })).codes).toEqual(['CONFLICT'])
  })

  it('lets a service open an account of anybody, and in the name of a person only of that person', async () => {
    const { id } = newcomer()
    const opened = await accepted(openAccount(world.asService('x'), { name: 'Trading', currency: 'BTC', owner: id }))
    expect(opened.openAccount.owner).toEqual({ id })
    const own = await accepted(openAccount(world.asService('x', id), { name: 'Trading', currency: 'ETH' }))
    expect(own.openAccount.owner).toEqual({ id })
    const other = await openAccount(world.asService('x', id), { name: 'Trading', currency: 'ETH', owner: bob.id })
    expect(other.codes).toEqual(['FORBIDDEN'])
    expect((await openAccount(world.asService('x'), { name: 'Whose', currency: 'ETH' })).codes).toEqual([
      'BAD_USER_INPUT',
    ])
  })
})

describe('looking at accounts', () => {
  it('shows an account to its owner, to administrators and to services, and to nobody else', async () => {
    const shown = (client: TestClient): Promise<unknown> => createTeller(client).balances(demoAccounts.ada.ETH)
    const four = { balance: '4.00000000', available: '4.00000000' }
    expect(await shown(world.as(ada))).toEqual(four)
    expect(await shown(world.asAdmin())).toEqual(four)
    expect(await shown(world.asService('x'))).toEqual(four)
    expect(await shown(world.asService('x', ada.id))).toEqual(four)
    expect(await shown(world.as(bob))).toBeNull()
    expect(await shown(world.asService('x', bob.id))).toBeNull()
  })

  it('shows accounts of the system to nobody', async () => {
    expect(await createTeller(world.asAdmin()).balances('outside-eur')).toBeNull()
    expect(await createTeller(world.asService('x')).balances('outside-eur')).toBeNull()
  })

  it('pages through the accounts of a person, oldest first', async () => {
    const person = newcomer()
    const client = world.as(person)
    const names = ['One', 'Two', 'Three', 'Four', 'Five']
    for (const name of names) await accepted(openAccount(client, { name, currency: 'EUR' }))
    const seen: string[] = []
    for (let after: string | null = null, more = true; more;) {
      const page: Answer['data'] = await accepted(
        asUser(
          client,
          person.id,
          `accounts(first: 2, after: ${JSON.stringify(after)}) { edges { node { name } } pageInfo { hasNextPage endCursor } }`,
        ),
      )
      const { edges, pageInfo } = page._entities[0].accounts
      seen.push(...edges.map(({ node }: { node: { name: string } }) => node.name))
      after = pageInfo.endCursor
      more = pageInfo.hasNextPage
    }
    expect(seen).toEqual(names)
  })

  it('refuses the accounts and the worth of somebody else, and only these fields', async () => {
    const { data, codes } = await asUser(world.as(bob), ada.id, 'id accounts { edges { cursor } } netWorth { amount }')
    expect(codes).toEqual(['FORBIDDEN', 'FORBIDDEN'])
    expect(data._entities[0]).toEqual({ id: ada.id, accounts: null, netWorth: null })
  })

  it('refuses a cursor that is none, and a page that is too large', async () => {
    const ask = async (page: string): Promise<readonly string[]> =>
      (await asUser(world.as(ada), ada.id, `accounts(${page}) { edges { cursor } }`)).codes
    expect(await ask('after: "nonsense"')).toEqual(['BAD_USER_INPUT'])
    expect(await ask(`after: "${Buffer.from('{"createdAt":1,"id":"a"}').toString('base64url')}"`)).toEqual([
      'BAD_USER_INPUT',
    ])
    expect(await ask('first: 101')).toEqual(['BAD_USER_INPUT'])
    expect(await ask('first: -1')).toEqual(['BAD_USER_INPUT'])
  })
})

describe('worth and rates', () => {
  it('adds up what a person owns in a currency of their choice', async () => {
    const worth = async (currency: string): Promise<unknown> =>
      (await accepted(asUser(world.as(ada), ada.id, `netWorth(currency: "${currency}") { amount currency }`)))
        ._entities[0].netWorth
    // 25,000 EUR, half a bitcoin at 60,000, 4 ether at 3,000, 1,000 tokens at 1.25.
    expect(await worth('EUR')).toEqual({ amount: '68250.00', currency: 'EUR' })
    expect(await worth('BTC')).toEqual({ amount: '1.13750000', currency: 'BTC' })
    expect(await worth('USD')).toEqual({ amount: '74184.78', currency: 'USD' })
  })

  it('tells anyone what each currency is worth in another one', async () => {
    const { exchangeRates } = await accepted(
      world.asAnonymous().query('{ exchangeRates(base: "USD") { currency base rate asOf } }'),
    )
    const asOf = '2026-01-01T00:00:00.000Z'
    expect(exchangeRates).toHaveLength(9)
    expect(exchangeRates).toContainEqual({ currency: 'USD', base: 'USD', rate: '1', asOf })
    expect(exchangeRates).toContainEqual({ currency: 'EUR', base: 'USD', rate: '1.086956521739130435', asOf })
  })
})
