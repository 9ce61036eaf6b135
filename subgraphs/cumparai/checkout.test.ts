import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import bancai from '../bancai/subgraph.ts'
import { demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import wallet from '../wallet/subgraph.ts'
import { accepted, createShopper, serviceOf } from './shop.fixture.ts'
import type { Shopper } from './shop.fixture.ts'
import cumparai from './subgraph.ts'

const dayMs = 86_400_000

describe('a purchase', () => {
  let world: TestWorld
  beforeAll(async () => {
    world = await startWorld([cumparai, wallet, bancai])
  })
  afterAll(() => world?.stop())

  const euro = (amount: string) => ({ amount, currency: 'EUR' })

  /** Somebody who sells and somebody with money, strangers to all other tests. */
  const pair = async (funds = '100') => {
    const [buyer, seller] = ['buyer', 'seller'].map((name) => createShopper(world, { id: `${name}-${randomUUID()}` }))
    if (!buyer || !seller) throw new Error('There are two.')
    const [from, to] = await Promise.all([buyer.wallet(funds), seller.wallet('0')])
    return { buyer, seller, from, to }
  }
  const limit = async (buyer: Shopper, of: string, amount: string): Promise<void> => {
    const input = { wallet: of, name: 'Pocket money', spendingLimit: { amount: euro(amount), period: 'DAY' } }
    await accepted(
      world.as(buyer, 'wallet').query('mutation ($input: AddRuleInput!) { addRule(input: $input) { id } }', { input }),
    )
  }

  it('takes the stock, moves the money, empties the cart, and tells of it live', async () => {
    const { buyer, seller, from, to } = await pair()
    const [tea, pot] = [
      await seller.offer({ price: '4.50', stock: 5 }),
      await seller.offer({ price: '21.00', stock: 1 }),
    ]
    await accepted(buyer.add(tea, 3))
    await accepted(buyer.add(pot))
    const { checkout } = await accepted(buyer.checkout(from.wallet, { total: euro('34.50') }))
    expect(checkout).toMatchObject({
      status: 'CONFIRMED',
      failureReason: null,
      total: euro('34.50'),
      buyer: { id: buyer.id },
      seller: { id: seller.id },
      lines: [
        { product: { id: tea }, quantity: 3, price: euro('4.50'), total: euro('13.50') },
        { product: { id: pot }, quantity: 1, price: euro('21.00'), total: euro('21.00') },
      ],
    })
    expect(await buyer.money(from.account)).toEqual({ balance: '65.50', available: '65.50' })
    expect(await seller.money(to.account)).toEqual({ balance: '34.50', available: '34.50' })
    expect([(await buyer.product(tea)).stock, (await buyer.product(pot)).stock]).toEqual([2, 0])
    expect(await buyer.cart()).toMatchObject({ lines: [], parts: [] })
    expect(await buyer.payment(checkout.payment.id)).toMatchObject({ status: 'SETTLED', amount: euro('34.50') })
    expect((await buyer.purchases())[0]).toEqual(checkout)
    expect((await seller.purchases('sales'))[0]).toEqual(checkout)
    const list = [{ __typename: 'Payment', id: checkout.payment.id }]
    const document =
      'query ($list: [_Any!]!) { _entities(representations: $list) { ... on Payment { purchase { id } } } }'
    expect((await accepted(seller.client.query(document, { list })))._entities).toEqual([
      { purchase: { id: checkout.id } },
    ])

    const states = await seller.listen(checkout.id)
    expect((await states.next()).data.purchaseUpdated).toMatchObject({ status: 'CONFIRMED' })
    await accepted(buyer.cancel(checkout.id))
    expect((await states.next()).data.purchaseUpdated).toMatchObject({ status: 'CANCELLING' })
    expect((await states.next()).data.purchaseUpdated).toMatchObject({ status: 'CANCELLED' })
    await states.stop()
  })

  it('is not shown to strangers, nor what the people of it bought, sold or have in their carts', async () => {
    const { buyer, seller, from } = await pair()
    const { id, payment } = await buyer.buy(await seller.offer(), from.wallet)
    const stranger = createShopper(world, { id: `stranger-${randomUUID()}` })
    expect(await stranger.purchase(id)).toBeNull()
    expect((await stranger.cancel(id)).codes).toEqual(['NOT_FOUND'])
    const states = await stranger.listen(id)
    expect((await states.next()).codes).toEqual(['NOT_FOUND'])
    await states.stop()
    for (const field of ['cart { id }', 'purchases { edges { cursor } }', 'sales { edges { cursor } }']) {
      const { data, codes } = await stranger.client.query(
        `query ($list: [_Any!]!) { _entities(representations: $list) { ... on User { ${field} } } }`,
        { list: [{ __typename: 'User', id: buyer.id }] },
      )
      expect(codes).toEqual(['FORBIDDEN'])
      expect(Object.values(data._entities[0])).toEqual([null])
    }
    const entities = await accepted(
      stranger.client.query(
        `query ($list: [_Any!]!) { _entities(representations: $list) { ... on Payment { purchase { id } } ... on Cart { id } } }`,
        {
          list: [
            { __typename: 'Payment', id: payment.id },
            { __typename: 'Cart', id: buyer.id },
          ],
        },
      ),
    )
    expect(entities._entities).toEqual([{ purchase: null }, null])
  })

  it('is of one seller and one currency, and of the part of the cart that was asked for', async () => {
    const { buyer, seller, from } = await pair()
    const other = createShopper(world, { id: `other-${randomUUID()}` })
    await other.wallet('0')
    const [one, two] = [await seller.offer({ price: '5.00' }), await other.offer({ price: '6.00' })]
    const three = await seller.offer({ price: '7.00', currency: 'USD' })
    for (const product of [one, two, three]) await accepted(buyer.add(product))
    expect((await buyer.cart()).parts).toMatchObject([
      { seller: { id: seller.id }, lines: [{ product: { id: one } }], total: euro('5.00') },
      { seller: { id: other.id }, lines: [{ product: { id: two } }], total: euro('6.00') },
      { seller: { id: seller.id }, lines: [{ product: { id: three } }], total: { amount: '7.00', currency: 'USD' } },
    ])
    expect((await buyer.checkout(from.wallet)).codes).toEqual(['BAD_USER_INPUT'])
    expect((await buyer.checkout(from.wallet, { products: [one, three] })).codes).toEqual(['BAD_USER_INPUT'])
    await accepted(buyer.checkout(from.wallet, { products: [two] }))
    const left = (await buyer.cart()).lines.map(({ product }: { product: { id: string } }) => product.id)
    expect(left).toEqual([one, three])
  })

  it('costs what it did at the checkout, and what the buyer saw', async () => {
    const { buyer, seller, from } = await pair()
    const product = await seller.offer({ price: '10.00', title: 'Jam' })
    await accepted(buyer.add(product, 2))
    await accepted(seller.update(product, { price: euro('11.00') }))
    const refused = await buyer.checkout(from.wallet, { total: euro('20.00') })
    expect(refused.codes).toEqual(['CONFLICT'])
    expect(refused.errors?.[0]?.extensions?.['total']).toEqual(euro('22.00'))
    const { checkout } = await accepted(buyer.checkout(from.wallet, { total: euro('22.00') }))
    await accepted(seller.update(product, { price: euro('99.00'), title: 'Marmalade' }))
    expect((await buyer.purchase(checkout.id)).lines).toMatchObject([{ title: 'Jam', price: euro('11.00') }])
  })

  it('leaves stock, money and cart as they were when there is too little money', async () => {
    const { buyer, seller, from } = await pair('9')
    const product = await seller.offer({ price: '10.00', stock: 3 })
    await accepted(buyer.add(product))
    const key = randomUUID()
    expect((await buyer.checkout(from.wallet, { idempotencyKey: key })).codes).toEqual(['INSUFFICIENT_FUNDS'])
    expect((await buyer.checkout(from.wallet, { idempotencyKey: key })).codes).toEqual(['INSUFFICIENT_FUNDS'])
    expect((await buyer.product(product)).stock).toBe(3)
    expect(await buyer.money(from.account)).toEqual({ balance: '9.00', available: '9.00' })
    expect((await buyer.cart()).lines).toHaveLength(1)
    const [failed, ...others] = await buyer.purchases()
    expect(others).toEqual([])
    expect(failed).toMatchObject({ status: 'FAILED', failureReason: expect.stringContaining('enough EUR') })
  })

  it('keeps the rules of the wallet, and counts in them while its money is set aside', async () => {
    const { buyer, seller, from } = await pair()
    await limit(buyer, from.wallet, '15')
    const product = await seller.offer({ price: '10.00', stock: 3 })
    await buyer.buy(product, from.wallet)
    await accepted(buyer.add(product))
    const refused = await buyer.checkout(from.wallet)
    expect(refused.codes).toEqual(['PAYMENT_RULE_REFUSED'])
    expect(refused.errors?.[0]?.message).toContain('Pocket money')
    expect((await buyer.product(product)).stock).toBe(2)
  })

  it('cannot be paid to a seller who has nowhere to keep the money, and gives the stock back', async () => {
    const buyer = createShopper(world, { id: `buyer-${randomUUID()}` })
    const from = await buyer.wallet('50')
    const product = await createShopper(world, { id: `poor-${randomUUID()}` }).offer({ stock: 2 })
    await accepted(buyer.add(product))
    expect((await buyer.checkout(from.wallet)).codes).toEqual(['BAD_USER_INPUT'])
    expect((await buyer.product(product)).stock).toBe(2)
    expect(await buyer.money(from.account)).toEqual({ balance: '50.00', available: '50.00' })
  })

  it('refuses before anything is written what is sold out or withdrawn', async () => {
    const { buyer, seller, from } = await pair()
    const [few, gone] = [await seller.offer({ stock: 1, title: 'Vase' }), await seller.offer()]
    await accepted(buyer.add(few, 2))
    await accepted(buyer.add(gone))
    await accepted(seller.update(gone, { status: 'WITHDRAWN' }))
    const [soldOut, withdrawn] = [
      await buyer.checkout(from.wallet, { products: [few] }),
      await buyer.checkout(from.wallet, { products: [gone] }),
    ]
    expect([soldOut.codes, withdrawn.codes]).toEqual([['CONFLICT'], ['CONFLICT']])
    expect(soldOut.errors?.[0]?.message).toBe('"Vase" has only 1 left.')
    expect(soldOut.errors?.[0]?.extensions?.['product']).toBe(few)
    expect(await buyer.purchases()).toEqual([])
    expect((await buyer.cart()).lines).toMatchObject([{ isAvailable: false }, { isAvailable: false }])
    expect((await buyer.add(gone)).codes).toEqual(['CONFLICT'])
  })

  it('keeps what the buyer put into the cart after the checkout began', async () => {
    const { buyer, seller, from } = await pair()
    const product = await seller.offer({ price: '2.00', stock: 10 })
    await accepted(buyer.add(product, 2))
    const { checkout } = await accepted(buyer.checkout(from.wallet, { products: [product] }))
    await accepted(buyer.add(product, 3))
    const [purchase] = await serviceOf(world).store.purchases.byIds([checkout.id])
    if (!purchase) throw new Error('There is a purchase.')
    // As a process does that was killed before it wrote that the cart was emptied, and does it again.
    await serviceOf(world).store.purchases.advance(purchase, {
      status: 'PAID',
      updatedAt: new Date(),
      workAt: new Date(0),
    })
    await serviceOf(world).saga.resume()
    expect(await buyer.purchase(checkout.id)).toMatchObject({ status: 'CONFIRMED' })
    expect((await buyer.cart()).lines).toMatchObject([{ quantity: 3 }])
  })

  describe('that is cancelled', () => {
    it('gives money and stock back, once', async () => {
      const { buyer, seller, from, to } = await pair()
      const product = await seller.offer({ price: '30.00', stock: 4 })
      const { id, payment } = await buyer.buy(product, from.wallet, 2)
      const answers = await Promise.all(Array.from({ length: 8 }, () => buyer.cancel(id)))
      for (const { codes } of answers) expect(codes).toEqual([])
      const cancelled = await buyer.purchase(id)
      expect(cancelled).toMatchObject({ status: 'CANCELLED', payment })
      expect(await buyer.payment(cancelled.refund.id)).toMatchObject({ status: 'SETTLED', refundOf: payment })
      expect((await buyer.product(product)).stock).toBe(4)
      expect(await buyer.money(from.account)).toEqual({ balance: '100.00', available: '100.00' })
      expect(await seller.money(to.account)).toEqual({ balance: '0.00', available: '0.00' })
    })

    it('gives the stock back also when all that was remembered of it is forgotten, and once when it was not', async () => {
      const { buyer, seller, from } = await pair()
      const product = await seller.offer({ price: '1.00', stock: 4 })
      const { saga } = serviceOf(world)
      const { id } = await buyer.buy(product, from.wallet, 2)
      world.advance(5 * 60_000)
      await saga.resume()
      await accepted(buyer.cancel(id))
      expect((await buyer.product(product)).stock).toBe(4)
      world.advance(5 * 60_000)
      await saga.resume()
      await saga.resume()
      expect((await buyer.product(product)).stock).toBe(4)
    })

    it('stays as it was when the seller cannot pay it back now', async () => {
      const { buyer, seller, from, to } = await pair()
      const product = await seller.offer({ price: '30.00', stock: 4 })
      const { id } = await buyer.buy(product, from.wallet)
      const elsewhere = await seller.wallet('0')
      const input = { from: to.account, to: elsewhere.account, amount: euro('20'), idempotencyKey: randomUUID() }
      const move = 'mutation ($input: TransferInput!) { transfer(input: $input) { id } }'
      await accepted(world.as(seller, 'bancai').query(move, { input }))
      expect((await buyer.cancel(id)).codes).toEqual(['INSUFFICIENT_FUNDS'])
      expect(await buyer.purchase(id)).toMatchObject({
        status: 'CONFIRMED',
        refund: null,
        failureReason: expect.stringContaining('enough EUR'),
      })
      expect((await buyer.product(product)).stock).toBe(3)
      const back = { from: elsewhere.account, to: to.account, amount: euro('20'), idempotencyKey: randomUUID() }
      await accepted(world.as(seller, 'bancai').query(move, { input: back }))
      expect((await accepted(seller.cancel(id))).cancelPurchase).toMatchObject({
        status: 'CANCELLED',
        failureReason: null,
      })
      expect((await buyer.product(product)).stock).toBe(4)
    })

    it('is so within 14 days by the buyer, and at any time by the seller', async () => {
      const { buyer, seller, from } = await pair()
      const [late, later] = [await seller.offer({ price: '1.00' }), await seller.offer({ price: '1.00' })]
      const [first, second] = [await buyer.buy(late, from.wallet), await buyer.buy(later, from.wallet)]
      world.advance(13 * dayMs)
      await accepted(buyer.cancel(first.id))
      world.advance(2 * dayMs)
      expect((await buyer.cancel(second.id)).codes).toEqual(['CONFLICT'])
      await accepted(seller.cancel(second.id))
    })
  })

  describe('lets its buyer review', () => {
    it('what was bought, once, in place of an earlier review', async () => {
      const { buyer, seller, from } = await pair()
      const product = await seller.offer({ price: '1.00' })
      expect((await buyer.review(product, 5)).codes).toEqual(['FORBIDDEN'])
      expect((await seller.review(product, 5)).codes).toEqual(['FORBIDDEN'])
      const { id } = await buyer.buy(product, from.wallet)
      await accepted(buyer.review(product, 2, 'Hm.'))
      const { review } = await accepted(buyer.review(product, 5, 'On second thought: good.'))
      expect(review).toMatchObject({ rating: 5, product: { rating: '5.0', reviewCount: 1 } })
      const another = createShopper(world, { id: `another-${randomUUID()}` })
      const purse = await another.wallet('5')
      await another.buy(product, purse.wallet)
      await Promise.all([accepted(another.review(product, 4)), accepted(buyer.review(product, 4))])
      expect(await buyer.product(product)).toMatchObject({ rating: '4.0', reviewCount: 2 })
      await accepted(buyer.cancel(id))
      expect((await buyer.review(product, 1)).codes).toEqual(['FORBIDDEN'])
    })
  })

  it('of the demo data is a real one as soon as the shop works', async () => {
    const { saga } = serviceOf(world)
    await saga.resume()
    const carol = createShopper(world, demoPeople.carol)
    const [purchase] = await carol.purchases()
    expect(purchase).toMatchObject({ status: 'CONFIRMED', seller: { id: demoPeople.ada.id } })
    expect(await carol.payment(purchase.payment.id)).toMatchObject({ status: 'SETTLED' })
  })
})
