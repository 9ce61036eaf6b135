import { afterAll, beforeAll, expect, it } from 'vitest'
import { demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { LiveStream, TestWorld } from '../_kit/testing/index.ts'
import { accepted, createTeller } from './ledger.fixture.ts'
import bancai from './subgraph.ts'

const { ada, bob } = demoPeople
const activity = `subscription ($account: ID!) { accountActivity(account: $account) {
  account { id balance { amount } available { amount } } entry { amount { amount } balanceAfter { amount } transfer { memo } } } }`

type Teller = ReturnType<typeof createTeller>
type Seen = { balance: string; available: string; moved: string | null }
let world: TestWorld
let adas: Teller
let bobs: Teller

beforeAll(async () => {
  world = await startWorld([bancai], { start: true })
  adas = createTeller(world.as(ada))
  bobs = createTeller(world.as(bob))
})
afterAll(() => world?.stop())

const listen = (account: string): Promise<LiveStream> => world.as(ada).subscribe(activity, { account })

const next = async (stream: LiveStream): Promise<Seen> => {
  const { accountActivity } = await accepted(stream.next())
  const { account, entry } = accountActivity
  return {
    balance: account.balance.amount,
    available: account.available.amount,
    moved: entry && entry.amount.amount,
  }
}

it('tells the owner of everything that happens on an account, in its order', async () => {
  const [account, payee] = [await adas.funded('100'), await bobs.open()]
  const stream = await listen(account)
  await accepted(bobs.transfer(await bobs.funded('20'), account, '20'))
  const hold = (await accepted(adas.authorize(account, '50'))).authorizeHold.id
  await accepted(adas.capture(hold, payee, '30'))
  await accepted(adas.release(hold))
  expect([await next(stream), await next(stream), await next(stream), await next(stream)]).toEqual([
    { balance: '120.00', available: '120.00', moved: '20.00' },
    { balance: '120.00', available: '70.00', moved: null },
    { balance: '90.00', available: '70.00', moved: '-30.00' },
    { balance: '90.00', available: '90.00', moved: null },
  ])
  await stream.stop()
})

it('misses nothing of a storm, and tells each listener the same', async () => {
  const [account, payee] = [await adas.funded('100'), await bobs.open()]
  const streams = [await listen(account), await listen(account)]
  await Promise.all(Array.from({ length: 60 }, () => accepted(adas.transfer(account, payee, '1'))))
  const expected = Array.from({ length: 60 }, (_, index) => ({
    balance: `${99 - index}.00`,
    available: `${99 - index}.00`,
    moved: '-1.00',
  }))
  for (const stream of streams) {
    const seen: Seen[] = []
    while (seen.length < 60) seen.push(await next(stream))
    expect(seen).toEqual(expected)
    await stream.stop()
  }
})

it('tells of a hold that expires while nobody does anything', async () => {
  const account = await adas.funded('100')
  const stream = await listen(account)
  const expiresAt = new Date(world.hosted().platform.now().getTime() + 3_600_000)
  await accepted(adas.authorize(account, '40', { expiresAt }))
  expect(await next(stream)).toMatchObject({ available: '60.00' })
  world.advance(3_600_000)
  expect(await next(stream)).toEqual({ balance: '100.00', available: '100.00', moved: null })
  await stream.stop()
})

it('refuses an account that does not exist just as that of a stranger', async () => {
  const account = await bobs.open()
  for (const id of [account, 'nothing', 'outside-eur', '\0']) {
    const stream = await listen(id)
    expect((await stream.next()).codes).toEqual(['NOT_FOUND'])
    await stream.stop()
  }
})
