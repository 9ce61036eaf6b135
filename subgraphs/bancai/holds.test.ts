import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { expireDueHolds } from './housekeeping.ts'
import { accepted, createTeller, ledgerOf } from './ledger.fixture.ts'
import bancai from './subgraph.ts'

const minuteMs = 60_000

type Teller = ReturnType<typeof createTeller>
let world: TestWorld
let people = 0
let ada: { id: string }
let bob: { id: string }
let adas: Teller
let bobs: Teller
/** The exchange, by itself and in the name of each. */
let exchange: Teller
let exchangeForAda: Teller
let exchangeForBob: Teller

beforeAll(async () => {
  world = await startWorld([bancai])
})
afterAll(() => world?.stop())

beforeEach(() => {
  people += 1
  ada = { id: `ada-${people}` }
  bob = { id: `bob-${people}` }
  adas = createTeller(world.as(ada))
  bobs = createTeller(world.as(bob))
  exchange = createTeller(world.asService('x'))
  exchangeForAda = createTeller(world.asService('x', ada.id))
  exchangeForBob = createTeller(world.asService('x', bob.id))
})

const inMinutes = (minutes: number): Date => new Date(ledgerOf(world).now().getTime() + minutes * minuteMs)
const held = async (teller: Teller, account: string, amount: string, currency = 'EUR'): Promise<string> =>
  (await accepted(teller.authorize(account, amount, { currency }))).authorizeHold.id

describe('setting money aside', () => {
  it('lowers what is available, and not the balance', async () => {
    const account = await adas.funded('100')
    const { authorizeHold: hold } = await accepted(adas.authorize(account, '30', { reason: ' Hotel ' }))
    expect(hold).toMatchObject({
      status: 'ACTIVE',
      reason: 'Hotel',
      service: null,
      expiresAt: null,
      amount: { amount: '30.00', currency: 'EUR' },
      captured: { amount: '0.00' },
      remaining: { amount: '30.00' },
      account: { balance: { amount: '100.00' }, available: { amount: '70.00' } },
    })
    expect((await adas.authorize(account, '70.01')).codes).toEqual(['INSUFFICIENT_FUNDS'])
    await accepted(adas.authorize(account, '70'))
    expect(await adas.balances(account)).toEqual({ balance: '100.00', available: '0.00' })
  })

  it('is done once for a key, also by many calls at the same time', async () => {
    const account = await adas.funded('100')
    const expiresAt = inMinutes(5)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => adas.authorize(account, '30', { key: 'room', expiresAt })),
    )
    expect(new Set(answers.map(({ data }) => data.authorizeHold.id)).size).toBe(1)
    expect(await adas.balances(account)).toMatchObject({ available: '70.00' })
  })

  it('works for a service only in the name of the owner, and remembers the service', async () => {
    const account = await adas.funded('10')
    const { authorizeHold: hold } = await accepted(exchangeForAda.authorize(account, '1'))
    expect(hold.service).toBe('x')
    expect((await exchange.authorize(account, '1')).codes).toEqual(['NOT_FOUND'])
    expect((await exchangeForBob.authorize(account, '1')).codes).toEqual(['NOT_FOUND'])
  })

  it('shows the holds of an account that set something aside now, newest first', async () => {
    const account = await adas.funded('10')
    const holds = [await held(adas, account, '1'), await held(adas, account, '2'), await held(adas, account, '3')]
    await accepted(adas.release(holds[1] ?? ''))
    const { account: found } = await accepted(
      world
        .as(ada)
        .query(
          `query ($id: ID!) { account(id: $id) { first: holds(first: 1) { edges { node { id } } pageInfo { hasNextPage } } all: holds { edges { node { id } } } } }`,
          { id: account },
        ),
    )
    expect(found.first).toEqual({ edges: [{ node: { id: holds[2] } }], pageInfo: { hasNextPage: true } })
    expect(found.all.edges).toEqual([{ node: { id: holds[2] } }, { node: { id: holds[0] } }])
  })
})

describe('capturing a hold', () => {
  it('moves a part, and keeps the rest set aside', async () => {
    const [from, to] = [await adas.funded('100'), await bobs.open()]
    const hold = await held(adas, from, '30')
    const { captureHold } = await accepted(adas.capture(hold, to, '12.50', { memo: 'First night' }))
    expect(captureHold).toMatchObject({ kind: 'CAPTURE', memo: 'First night', amount: { amount: '12.50' } })
    expect(await adas.hold(hold)).toMatchObject({
      status: 'ACTIVE',
      captured: { amount: '12.50' },
      remaining: { amount: '17.50' },
    })
    expect(await adas.balances(from)).toEqual({ balance: '87.50', available: '70.00' })
    expect(await bobs.balances(to)).toEqual({ balance: '12.50', available: '12.50' })
  })

  it('takes all that is left when no amount is given', async () => {
    const [from, to] = [await adas.funded('100'), await bobs.open()]
    const hold = await held(adas, from, '30')
    await accepted(adas.capture(hold, to, '12.50'))
    const { captureHold } = await accepted(adas.capture(hold, to))
    expect(captureHold.amount.amount).toBe('17.50')
    expect(await adas.hold(hold)).toMatchObject({ status: 'CAPTURED', remaining: { amount: '0.00' } })
    expect((await adas.capture(hold, to)).codes).toEqual(['CONFLICT'])
    expect((await adas.capture(hold, to, '0.01')).codes).toEqual(['CONFLICT'])
  })

  it('never moves more than is left, although many try at once', async () => {
    const [from, to] = [await adas.funded('100'), await bobs.open()]
    const hold = await held(adas, from, '30')
    expect((await adas.capture(hold, to, '30.01')).errors?.[0]?.message).toBe('The hold has 30.00 EUR left.')
    const answers = await Promise.all(Array.from({ length: 10 }, () => adas.capture(hold, to, '7')))
    expect(answers.filter(({ codes }) => codes.length === 0)).toHaveLength(4)
    expect(await bobs.balances(to)).toMatchObject({ balance: '28.00' })
    expect(await adas.hold(hold)).toMatchObject({ remaining: { amount: '2.00' } })
  })

  it('is for the service that authorised it, or for the owner of a hold without service', async () => {
    const [from, to] = [await adas.funded('100'), await bobs.open()]
    const [own, services] = [await held(adas, from, '10'), await held(exchangeForAda, from, '10')]
    const wallet = createTeller(world.asService('wallet'))
    expect((await adas.capture(services, to)).codes).toEqual(['FORBIDDEN'])
    expect((await adas.release(services)).codes).toEqual(['FORBIDDEN'])
    expect((await wallet.capture(services, to)).codes).toEqual(['FORBIDDEN'])
    expect((await wallet.capture(own, to)).codes).toEqual(['FORBIDDEN'])
    expect((await bobs.capture(own, to)).codes).toEqual(['NOT_FOUND'])
    expect((await bobs.capture(services, to)).codes).toEqual(['NOT_FOUND'])
    expect((await exchangeForBob.capture(services, to)).codes).toEqual(['NOT_FOUND'])
    expect(await bobs.hold(own)).toBeNull()
    await accepted(exchange.capture(services, to, '5'))
    await accepted(exchangeForAda.capture(services, to, '5'))
    await accepted(adas.capture(own, to))
    expect(await bobs.balances(to)).toMatchObject({ balance: '20.00' })
  })
})

describe('settling several holds', () => {
  it('moves both legs of a trade in one transfer of two currencies', async () => {
    const [adaEuro, adaBitcoin] = [await adas.funded('100000'), await adas.open('BTC')]
    const [bobEuro, bobBitcoin] = [await bobs.open(), await bobs.funded('1', 'BTC')]
    const money = await held(exchangeForAda, adaEuro, '60000')
    const coins = await held(exchangeForBob, bobBitcoin, '1', 'BTC')
    const { captureHolds } = await accepted(
      exchange.settle(
        [
          { hold: money, to: bobEuro, amount: '30000' },
          { hold: coins, to: adaBitcoin, amount: '0.5', currency: 'BTC' },
        ],
        { key: 'trade', memo: 'BTC-EUR' },
      ),
    )
    expect(captureHolds).toMatchObject({ kind: 'SETTLEMENT', from: null, to: null, amount: null, memo: 'BTC-EUR' })
    expect(captureHolds.entries).toHaveLength(4)
    expect(await adas.balances(adaEuro)).toEqual({ balance: '70000.00', available: '40000.00' })
    expect(await adas.balances(adaBitcoin)).toEqual({ balance: '0.50000000', available: '0.50000000' })
    expect(await bobs.balances(bobEuro)).toEqual({ balance: '30000.00', available: '30000.00' })
    expect(await bobs.balances(bobBitcoin)).toEqual({ balance: '0.50000000', available: '0.00000000' })
  })

  it('moves nothing when one leg cannot be booked', async () => {
    const [from, to] = [await adas.funded('100'), await bobs.open()]
    const [one, other] = [await held(exchangeForAda, from, '10'), await held(exchangeForAda, from, '10')]
    const tooMuch = [
      { hold: one, to, amount: '10' },
      { hold: other, to, amount: '10.01' },
    ]
    expect((await exchange.settle(tooMuch)).codes).toEqual(['CONFLICT'])
    const twice = [
      { hold: one, to, amount: '6' },
      { hold: one, to, amount: '6' },
    ]
    expect((await exchange.settle(twice)).codes).toEqual(['CONFLICT'])
    const unknown = [
      { hold: one, to, amount: '6' },
      { hold: 'unknown', to, amount: '6' },
    ]
    expect((await exchange.settle(unknown)).codes).toEqual(['NOT_FOUND'])
    expect(await adas.balances(from)).toEqual({ balance: '100.00', available: '80.00' })
    expect(await bobs.balances(to)).toMatchObject({ balance: '0.00' })
    await accepted(
      exchange.settle([
        { hold: one, to, amount: '6' },
        { hold: one, to, amount: '4' },
        { hold: other, to, amount: '10' },
      ]),
    )
    expect(await bobs.balances(to)).toMatchObject({ balance: '20.00' })
  })

  it('happens once for a key, also by many calls at the same time', async () => {
    const [from, to] = [await adas.funded('100'), await bobs.open()]
    const hold = await held(exchangeForAda, from, '50')
    const legs = [{ hold, to, amount: '5' }]
    const answers = await Promise.all(Array.from({ length: 10 }, () => exchange.settle(legs, { key: 'settle once' })))
    expect(new Set(answers.map(({ data }) => data.captureHolds.id)).size).toBe(1)
    expect(await bobs.balances(to)).toMatchObject({ balance: '5.00' })
  })

  it('is for services over their own holds only', async () => {
    const [from, to] = [await adas.funded('100'), await bobs.open()]
    const hold = await held(exchangeForAda, from, '50')
    const legs = [{ hold, to, amount: '5' }]
    expect((await adas.settle(legs)).codes).toEqual(['FORBIDDEN'])
    expect((await createTeller(world.asAdmin()).settle(legs)).codes).toEqual(['FORBIDDEN'])
    expect((await createTeller(world.asService('wallet')).settle(legs)).codes).toEqual(['FORBIDDEN'])
  })
})

describe('giving a hold back', () => {
  it('makes what is left available again, and a second time changes nothing', async () => {
    const [from, to] = [await adas.funded('100'), await bobs.open()]
    const hold = await held(adas, from, '30')
    await accepted(adas.capture(hold, to, '10'))
    const released = { status: 'RELEASED', captured: { amount: '10.00' }, remaining: { amount: '0.00' } }
    expect((await accepted(adas.release(hold))).releaseHold).toMatchObject(released)
    expect(await adas.balances(from)).toEqual({ balance: '90.00', available: '90.00' })
    const before = await world.fingerprint()
    expect((await accepted(adas.release(hold))).releaseHold).toMatchObject(released)
    expect(await world.fingerprint()).toBe(before)
    expect((await adas.capture(hold, to, '1')).codes).toEqual(['CONFLICT'])
  })
})

describe('a hold whose time runs out', () => {
  it('counts no more from that moment on, before anybody wrote it down', async () => {
    const [from, to] = [await adas.funded('100'), await bobs.open()]
    const { authorizeHold } = await accepted(adas.authorize(from, '60', { expiresAt: inMinutes(10), key: 'short' }))
    const hold = authorizeHold.id
    world.advance(10 * minuteMs)
    expect(await adas.balances(from)).toEqual({ balance: '100.00', available: '100.00' })
    expect(await adas.hold(hold)).toMatchObject({ status: 'EXPIRED', remaining: { amount: '0.00' } })
    expect((await adas.capture(hold, to)).codes).toEqual(['CONFLICT'])
    await accepted(adas.transfer(from, to, '100'))
    // The same call again finds the hold that it made, although it could not be made any more.
    const again = await accepted(adas.authorize(from, '60', { expiresAt: authorizeHold.expiresAt, key: 'short' }))
    expect(again.authorizeHold).toMatchObject({ id: hold, status: 'EXPIRED' })
  })

  it('keeps what was captured in time, and gives back the rest', async () => {
    const [from, to] = [await adas.funded('100'), await bobs.open()]
    const { authorizeHold } = await accepted(exchangeForAda.authorize(from, '60', { expiresAt: inMinutes(10) }))
    await accepted(exchange.capture(authorizeHold.id, to, '15'))
    world.advance(10 * minuteMs)
    expect((await accepted(exchange.release(authorizeHold.id))).releaseHold).toMatchObject({
      status: 'EXPIRED',
      captured: { amount: '15.00' },
    })
    expect(await adas.balances(from)).toEqual({ balance: '85.00', available: '85.00' })
  })

  it('is written down by whoever comes first, once', async () => {
    const from = await adas.funded('100')
    await accepted(adas.authorize(from, '60', { expiresAt: inMinutes(10) }))
    world.advance(10 * minuteMs)
    const ledger = ledgerOf(world)
    await Promise.all([expireDueHolds(ledger), expireDueHolds(ledger), adas.transfer(from, await bobs.open(), '1')])
    expect(await ledger.store.accountsWithDueHolds(ledger.now(), 10)).toEqual([])
    expect(await adas.balances(from)).toEqual({ balance: '99.00', available: '99.00' })
  })
})

it('leaves books in order', async () => {
  expect(await ledgerOf(world).store.discrepancies()).toEqual([])
})
