import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoAccounts } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import type { PrismaClient } from '../.generated/prisma/client.ts'
import { ledgerOf } from './ledger.fixture.ts'
import { demoHold, demoTransfer } from './seed.ts'
import bancai from './subgraph.ts'

let world: TestWorld
let client: PrismaClient
beforeAll(async () => {
  world = await startWorld([bancai])
  client = await world.hosted().platform.relational()
})
afterAll(() => world?.stop())

const { EUR, BTC } = demoAccounts.ada
const entry = (id: string, account: string, sequence: number, amount: number, currency: string): string =>
  `INSERT INTO bancai.entries VALUES ('${id}', 'made up', '${account}', ${sequence}, ${amount}, '${currency}', 0, now())`
const madeUpTransfer = `INSERT INTO bancai.transfers VALUES ('made up', 'TRANSFER', NULL, NULL, 1, 'EUR', NULL, '{}', 'me', 'key', now())`

/** Runs statements in one transaction, as somebody with full access to the database would. */
const write = (...statements: string[]): Promise<unknown> =>
  client.$transaction(statements.map((statement) => client.$executeRawUnsafe(statement)))

describe('the database refuses by itself', () => {
  it.each([
    ['to change a transfer', `UPDATE bancai.transfers SET memo = 'forged' WHERE id = '${demoTransfer}'`],
    ['to remove a transfer', `DELETE FROM bancai.transfers WHERE id = '${demoTransfer}'`],
    ['to empty the transfers', `TRUNCATE bancai.transfers CASCADE`],
    ['to change an entry', `UPDATE bancai.entries SET amount = amount + 1 WHERE account_id = '${EUR}'`],
    ['to remove entries', `DELETE FROM bancai.entries WHERE account_id = '${EUR}'`],
    ['to empty the entries', `TRUNCATE bancai.entries`],
  ])('%s', async (_, statement) => {
    const before = await world.fingerprint()
    await expect(write(statement)).rejects.toThrow('append-only')
    expect(await world.fingerprint()).toBe(before)
  })

  it.each([
    ['a transfer of one side', [entry('a', EUR, 100, 5, 'EUR')], 'do not sum to zero'],
    [
      'a transfer whose currencies only add up together',
      [entry('a', EUR, 100, -5, 'EUR'), entry('b', BTC, 100, 5, 'BTC')],
      'do not sum to zero',
    ],
    [
      'an entry in another currency than its account',
      [entry('a', EUR, 100, -5, 'BTC'), entry('b', BTC, 100, 5, 'BTC')],
      'not in the currency of its account',
    ],
    ['an entry that moves nothing', [entry('a', EUR, 100, 0, 'EUR')], 'entries_amount_check'],
    ['two entries in one place', [entry('a', EUR, 1, 5, 'EUR'), entry('b', EUR, 100, -5, 'EUR')], 'nique constraint'],
  ])('%s', async (_, entries, problem) => {
    const before = await world.fingerprint()
    await expect(write(madeUpTransfer, ...entries)).rejects.toThrow(problem)
    expect(await world.fingerprint()).toBe(before)
  })

  it.each([
    ['a balance below zero', `UPDATE bancai.accounts SET balance = -1 WHERE id = '${EUR}'`, 'accounts_balance_check'],
    ['holding more than there is', `UPDATE bancai.accounts SET held = balance + 1 WHERE id = '${EUR}'`, 'held_check'],
    ['to give an account away', `UPDATE bancai.accounts SET owner_id = 'thief' WHERE id = '${EUR}'`, 'are for good'],
    ['to change a currency', `UPDATE bancai.accounts SET currency = 'BTC' WHERE id = '${EUR}'`, 'are for good'],
    ['to remove an account with entries', `DELETE FROM bancai.accounts WHERE id = '${EUR}'`, 'oreign key'],
    [
      'to capture more than was held',
      `UPDATE bancai.holds SET captured = amount + 1 WHERE id = '${demoHold}'`,
      'holds_',
    ],
  ])('%s', async (_, statement, problem) => {
    const before = await world.fingerprint()
    await expect(write(statement)).rejects.toThrow(problem)
    expect(await world.fingerprint()).toBe(before)
  })
})

describe('proving the books', () => {
  it('finds nothing in books that are right', async () => {
    expect(await ledgerOf(world).store.discrepancies()).toEqual([])
  })

  it('finds a balance and a held amount that somebody changed by hand', async () => {
    await write(`UPDATE bancai.accounts SET balance = balance + 7, held = 3 WHERE id = '${EUR}'`)
    expect(await ledgerOf(world).store.discrepancies()).toEqual([
      { id: EUR, problem: 'the balance is not the sum of the entries', recorded: 2_500_007n, computed: 2_500_000n },
      { id: EUR, problem: 'the held amount is not what active holds set aside', recorded: 3n, computed: 0n },
    ])
    await write(`UPDATE bancai.accounts SET balance = balance - 7, held = 0 WHERE id = '${EUR}'`)
  })

  it('finds entries that were changed with the triggers switched off', async () => {
    const forge = (by: string): Promise<unknown> =>
      write(
        'ALTER TABLE bancai.entries DISABLE TRIGGER USER',
        `UPDATE bancai.entries SET amount = amount ${by} WHERE account_id = '${EUR}' AND sequence = 1`,
        'ALTER TABLE bancai.entries ENABLE TRIGGER USER',
      )
    await forge('+ 100')
    const problems = (await ledgerOf(world).store.discrepancies()).map(({ problem }) => problem)
    expect(new Set(problems)).toEqual(
      new Set([
        'the balance is not the sum of the entries',
        'the entry does not continue the one before it',
        'the transfer does not sum to zero',
      ]),
    )
    await forge('- 100')
    expect(await ledgerOf(world).store.discrepancies()).toEqual([])
  })
})
