import { randomUUID } from 'node:crypto'
import { silentLogger } from '@codai/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import bancai from '../bancai/subgraph.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import type { Answer } from './bank.ts'
import type { Service } from './context.ts'
import { createPayments } from './payments.ts'
import { createPerson } from './people.fixture.ts'
import type { PaymentRecord } from './records.ts'
import { createRequests } from './requests.ts'
import { createSettlement } from './settlement.ts'
import wallet from './subgraph.ts'

let world: TestWorld
beforeAll(async () => {
  world = await startWorld([wallet, bancai])
})
afterAll(() => world?.stop())

const refused: Answer = { outcome: 'refused', code: 'INSUFFICIENT_FUNDS', cause: undefined }
const unknown: Answer = { outcome: 'unknown', cause: undefined }

/** A payment whose bank says what the test wants, each time after so many milliseconds of a clock that only it moves. */
const payThrough = async (answers: readonly { answer: Answer; takes?: number }[]) => {
  const { store, bank, newId } = world.hosted().service as Service
  const [ada, bob] = ['ada', 'bob'].map((name) => createPerson(world, { id: `${name}-${randomUUID()}` }))
  if (!ada || !bob) throw new Error('There are two.')
  const [from] = [await ada.funded('100'), await bob.funded('0')]
  let time = Date.parse('2026-06-01T12:00:00.000Z')
  const now = (): Date => new Date(time)
  const rest = [...answers]
  const settlement = createSettlement({
    store,
    bank: {
      ...bank,
      move: async () => {
        const next = rest.shift()
        time += next?.takes ?? 10
        return next?.answer ?? unknown
      },
    },
    newId,
    now,
    announce: async () => {},
    logger: silentLogger,
  })
  const payments = createPayments({ requests: createRequests({ store, newId, now }), settlement, now })
  const input = { wallet: from.wallet, payee: bob.id, idempotencyKey: 'key' }
  const paying = payments.pay(ada.id, { ...input, amount: { amount: '5', currency: 'EUR' as const } }, 'request')
  const first = await paying.catch((error: unknown) => error)
  const [{ node }] = (await ada.payments(from.wallet)).edges
  return {
    first,
    /** The payment after the service has looked for what is left to do, so many milliseconds later. */
    later: async (milliseconds: number): Promise<PaymentRecord | undefined> => {
      time += milliseconds
      await settlement.resume()
      return (await store.payments([node.id]))[0]
    },
  }
}

it('a refusal is final when nobody else can be asking for the same', async () => {
  const { first, later } = await payThrough([{ answer: refused }])
  expect(first).toMatchObject({ code: 'INSUFFICIENT_FUNDS' })
  expect(await later(0)).toMatchObject({ status: 'FAILED', failure: 'INSUFFICIENT_FUNDS' })
})

it('a refusal is not believed while an earlier, unanswered call may still move the money', async () => {
  const { first, later } = await payThrough([{ answer: unknown }, { answer: refused }, { answer: refused }])
  expect(first).toMatchObject({ status: 'PENDING' })
  expect(await later(3_000)).toMatchObject({ status: 'PENDING' })
  expect(await later(34_000)).toMatchObject({ status: 'PENDING' })
  expect(await later(1_000)).toMatchObject({ status: 'FAILED' })
})

it('a refusal that took as long as several tries is asked for again, and the money that moved meanwhile is seen', async () => {
  const moved: Answer = { outcome: 'moved', transferId: 'transfer of the first try' }
  const { first, later } = await payThrough([{ answer: refused, takes: 3_200 }, { answer: moved }])
  expect(first).toMatchObject({ status: 'PENDING' })
  expect(await later(35_000)).toMatchObject({ status: 'SETTLED', transferId: 'transfer of the first try' })
})

it('a payment that somebody is settling is left to them', async () => {
  const { first, later } = await payThrough([{ answer: unknown }, { answer: unknown }])
  expect(first).toMatchObject({ status: 'PENDING' })
  const { store } = world.hosted().service as Service
  const before = await later(3_000)
  const attempts = await Promise.all(
    Array.from({ length: 4 }, () => store.takePending(new Date('2027-01-01'), new Date('2027-01-02'), 100)),
  )
  expect(attempts.flat().filter(({ payment }) => payment.id === before?.id)).toHaveLength(1)
})
