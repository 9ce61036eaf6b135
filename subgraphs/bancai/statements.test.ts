import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoAccounts, demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { Answer, TestClient, TestWorld } from '../_kit/testing/index.ts'
import { accepted, createTeller, ledgerOf } from './ledger.fixture.ts'
import { isMonth, monthBounds, parseStatementId } from './months.ts'
import bancai from './subgraph.ts'

const { ada, bob } = demoPeople
const dayMs = 86_400_000

let world: TestWorld
beforeAll(async () => {
  world = await startWorld([bancai])
})
afterAll(() => world?.stop())

const fields = `id month opening { amount currency } closing { amount } credits { amount } debits { amount }
  account { id } entries(first: 100) { edges { node { amount { amount } balanceAfter { amount } createdAt } } }`

const statementOf = (client: TestClient, account: string, month: string): Promise<Answer> =>
  client.query(
    `query ($account: ID!, $month: YearMonth!) { statement(account: $account, month: $month) { ${fields} } }`,
    { account, month },
  )

/** The months from `first` to the one in which `last` lies. */
const monthsTo = (first: string, last: Date): string[] => {
  const months = [first]
  for (let { to } = monthBounds(first); to <= last; { to } = monthBounds(months.at(-1) ?? first)) {
    months.push(to.toISOString().slice(0, 7))
  }
  return months
}

describe('statements', () => {
  it('follow each other without a gap, from the first month of an account to now', async () => {
    const client = world.as(ada)
    const now = ledgerOf(world).now()
    const opened = new Date(now.getTime() - 130 * dayMs).toISOString().slice(0, 7)
    let balance = '0.00'
    let lines = 0
    for (const month of monthsTo(opened, now)) {
      const { statement } = await accepted(statementOf(client, demoAccounts.ada.EUR, month))
      const amounts: number[] = statement.entries.edges.map(({ node }: { node: { amount: { amount: string } } }) =>
        Math.round(Number(node.amount.amount) * 100),
      )
      const sum = (some: number[]): string => (some.reduce((total, amount) => total + amount, 0) / 100).toFixed(2)
      expect(statement.opening).toEqual({ amount: balance, currency: 'EUR' })
      expect(statement.credits.amount).toBe(sum(amounts.filter((amount) => amount > 0)))
      expect(statement.debits.amount).toBe(sum(amounts.filter((amount) => amount < 0)).replace('-', ''))
      for (const { node } of statement.entries.edges) {
        expect(node.createdAt.slice(0, 7)).toBe(month)
        balance = node.balanceAfter.amount
      }
      expect(statement.closing.amount).toBe(balance)
      lines += amounts.length
    }
    expect(balance).toBe('25000.00')
    expect(lines).toBe(10)
  })

  it('tell the running month up to now', async () => {
    const teller = createTeller(world.as(bob))
    const account = await teller.funded('80')
    await accepted(teller.transfer(account, await teller.open(), '30'))
    const month = ledgerOf(world).now().toISOString().slice(0, 7)
    const { statement } = await accepted(statementOf(world.as(bob), account, month))
    expect(statement).toMatchObject({
      id: `${account}.${month}`,
      account: { id: account },
      opening: { amount: '0.00' },
      credits: { amount: '80.00' },
      debits: { amount: '30.00' },
      closing: { amount: '50.00' },
    })
  })

  it('page through their lines, oldest first', async () => {
    const teller = createTeller(world.as(bob))
    const account = await teller.open()
    for (const amount of ['1', '2', '3']) await accepted(teller.deposit(account, amount))
    const month = ledgerOf(world).now().toISOString().slice(0, 7)
    const page = async (after: string | null): Promise<Answer['data']> =>
      (
        await accepted(
          world
            .as(bob)
            .query(
              `query ($account: ID!, $month: YearMonth!, $after: String) { statement(account: $account, month: $month) { entries(first: 2, after: $after) { edges { node { amount { amount } } } pageInfo { endCursor hasNextPage } } } }`,
              { account, month, after },
            ),
        )
      ).statement.entries
    const first = await page(null)
    const second = await page(first.pageInfo.endCursor)
    const amounts = [...first.edges, ...second.edges].map(
      ({ node }: { node: { amount: { amount: string } } }) => node.amount.amount,
    )
    expect(amounts).toEqual(['1.00', '2.00', '3.00'])
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false])
  })

  it('are nothing for strangers, for a month that has not begun, and for what is no month', async () => {
    expect((await statementOf(world.as(bob), demoAccounts.ada.EUR, '2026-01')).data.statement).toBeNull()
    expect((await statementOf(world.as(ada), demoAccounts.ada.EUR, '9999-12')).data.statement).toBeNull()
    expect((await statementOf(world.as(ada), demoAccounts.ada.EUR, '2026-13')).codes).toEqual(['BAD_USER_INPUT'])
  })
})

describe('the entries of an account', () => {
  it('are paged newest first, each with the balance that it left', async () => {
    const seen: { amount: string; after: string }[] = []
    for (let cursor: string | null = null, more = true; more;) {
      const data: Answer['data'] = await accepted(
        world
          .as(ada)
          .query(
            `query ($id: ID!, $after: String) { account(id: $id) { entries(first: 4, after: $after) { edges { node { amount { amount } balanceAfter { amount } } } pageInfo { endCursor hasNextPage } } } }`,
            { id: demoAccounts.ada.EUR, after: cursor },
          ),
      )
      const { edges, pageInfo } = data.account.entries
      for (const { node } of edges) seen.push({ amount: node.amount.amount, after: node.balanceAfter.amount })
      cursor = pageInfo.endCursor
      more = pageInfo.hasNextPage
    }
    expect(seen).toHaveLength(10)
    expect(seen[0]).toEqual({ amount: '-21.30', after: '25000.00' })
    for (const [index, { amount, after }] of seen.entries()) {
      const before = seen[index + 1]?.after ?? '0.00'
      expect((Number(after) - Number(amount)).toFixed(2)).toBe(before)
    }
  })

  it('never run back in time, although the clock does', async () => {
    const teller = createTeller(world.as({ id: 'time traveller' }))
    const account = await teller.open()
    await accepted(teller.deposit(account, '1'))
    world.advance(-dayMs)
    await accepted(teller.deposit(account, '2'))
    world.advance(dayMs)
    const { account: found } = await accepted(
      world
        .as({ id: 'time traveller' })
        .query(`query ($id: ID!) { account(id: $id) { entries { edges { node { amount { amount } createdAt } } } } }`, {
          id: account,
        }),
    )
    const [second, first] = found.entries.edges.map(({ node }: { node: { createdAt: string } }) => node.createdAt)
    expect(second >= first).toBe(true)
  })

  it('cost one store call for the transfers, and one for the accounts, of a whole page', async () => {
    const document = `query ($id: ID!) { account(id: $id) { entries(first: 100) { edges { node {
      account { id } transfer { id from { id } to { id } entries { amount { amount } } } } } } } }`
    const before = world.storeCalls()
    const { account } = await accepted(world.as(ada).query(document, { id: demoAccounts.ada.EUR }))
    expect(account.entries.edges).toHaveLength(10)
    // The account, its page, the transfers, their other accounts, the transfers' entries, and whatever accounts these add.
    expect(world.storeCalls() - before).toBeLessThanOrEqual(6)
  })
})

describe('months', () => {
  it('begin and end at midnight in UTC, also at the end of a year and in February', () => {
    const bounds = (month: string): string[] => Object.values(monthBounds(month)).map((at) => at.toISOString())
    expect(bounds('2025-12')).toEqual(['2025-12-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'])
    expect(bounds('2024-02')).toEqual(['2024-02-01T00:00:00.000Z', '2024-03-01T00:00:00.000Z'])
  })

  it('are written as a year and two digits', () => {
    expect(['2026-01', '1970-12', '9999-12'].every(isMonth)).toBe(true)
    expect(['2026-1', '2026-00', '2026-13', '1969-12', '0000-01', '2026-01-01', ''].some(isMonth)).toBe(false)
    expect(parseStatementId('account.2026-01')).toEqual({ accountId: 'account', month: '2026-01' })
    expect(['account', '.2026-01', 'account.2026', 'account.'].map(parseStatementId)).toEqual(
      Array.from({ length: 4 }, () => undefined),
    )
  })
})
