import { silentLogger } from '@codai/runtime'
import { openRelational } from '@codai/stores'
import { createTestDatabase } from '@codai/stores/testing'
import type { TestDatabase } from '@codai/stores/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { prepareProcess } from '../_kit/testing/index.ts'
import type { TestProcess } from '../_kit/testing/index.ts'
import { PrismaClient } from '../.generated/prisma/client.ts'
import { accepted, createTeller } from './ledger.fixture.ts'
import { findDiscrepancies } from './reconcile.ts'
import type { Discrepancy } from './reconcile.ts'
import bancai from './subgraph.ts'

let database: TestDatabase
let bank: TestProcess
beforeAll(async () => {
  database = await createTestDatabase()
  bank = await prepareProcess([bancai], { databaseUrl: database.url, environment: { SEED: 'false' } })
  await bank.start()
})
afterAll(async () => {
  await bank?.stop()
  await database?.drop()
})

const proveBooks = async (): Promise<Discrepancy[]> => {
  const store = await openRelational({
    url: database.url,
    Client: PrismaClient,
    logger: silentLogger,
    applicationName: 'auditor',
  })
  try {
    return await findDiscrepancies(store.client)
  } finally {
    await store.close()
  }
}

it('books every answered transfer once, and none by half, although it is killed in the middle of a storm', async () => {
  const teller = createTeller(bank.as({ id: 'juggler' }))
  const accounts = [await teller.funded('50000'), await teller.funded('50000'), await teller.funded('50000')]
  const account = (index: number): string => accounts[index % 3] ?? ''
  const transfer = (number: number): ReturnType<typeof teller.transfer> =>
    teller.transfer(account(number), account(number + 1 + (number % 2)), String(1 + (number % 7)), {
      key: `storm-${number}`,
    })

  const answered = new Map<number, string>()
  let asked = 0
  let killing: Promise<void> | undefined
  const juggle = async (): Promise<void> => {
    while (killing === undefined) {
      const number = (asked += 1)
      const { transfer: booked } = await accepted(transfer(number))
      answered.set(number, booked.id)
      // Ten others are in the middle of theirs.
      if (answered.size === 120) killing = bank.kill()
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: 11 }, juggle))
  await killing
  expect(ends.some(({ status }) => status === 'rejected')).toBe(true)
  expect(await proveBooks()).toEqual([])

  await bank.start()
  for (let number = 1; number <= asked; number += 1) {
    const { transfer: booked } = await accepted(transfer(number))
    const before = answered.get(number)
    if (before !== undefined) expect(booked.id).toBe(before)
  }
  const expected = [50_000, 50_000, 50_000]
  for (let number = 1; number <= asked; number += 1) {
    const amount = 1 + (number % 7)
    expected[number % 3] = (expected[number % 3] ?? 0) - amount
    expected[(number + 1 + (number % 2)) % 3] = (expected[(number + 1 + (number % 2)) % 3] ?? 0) + amount
  }
  const balances = await Promise.all(accounts.map((id) => teller.balances(id)))
  expect(balances.map((balance) => Number(balance?.balance))).toEqual(expected)
  expect(await proveBooks()).toEqual([])
}, 120_000)
