import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import bancai from '../bancai/subgraph.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import wallet from '../wallet/subgraph.ts'
import { accepted, createShopper } from './shop.fixture.ts'
import type { Shopper } from './shop.fixture.ts'
import cumparai from './subgraph.ts'

const buyers = 200
const pieces = 10
const atOnce = 10

describe('at the same time', () => {
  let world: TestWorld
  let seller: Shopper
  let till: string
  beforeAll(async () => {
    world = await startWorld([cumparai, wallet, bancai])
    seller = createShopper(world, { id: 'seller' })
    till = (await seller.wallet('0')).account
  })
  afterAll(() => world?.stop())

  /** People with money of their own. */
  const crowd = async (count: number, money: string) => {
    const people: { buyer: Shopper; wallet: string; account: string }[] = []
    for (let start = 0; start < count; start += atOnce) {
      const part = Array.from({ length: Math.min(atOnce, count - start) }, async () => {
        const buyer = createShopper(world, { id: `buyer-${randomUUID()}` })
        return { buyer, ...(await buyer.wallet(money)) }
      })
      people.push(...(await Promise.all(part)))
    }
    return people
  }
  const takings = async (): Promise<number> => Number((await seller.money(till)).balance)

  it('two hundred buyers get the last ten pieces, each once, and nobody else pays', { timeout: 240_000 }, async () => {
    const product = await seller.offer({ price: '3.00', stock: pieces })
    const people = await crowd(buyers, '5')
    for (const { buyer } of people) await accepted(buyer.add(product))
    const answers = await Promise.all(people.map(({ buyer, wallet: from }) => buyer.checkout(from)))

    const confirmed = answers.filter(({ codes }) => codes.length === 0)
    expect(confirmed.map(({ data }) => data.checkout.status)).toEqual(Array.from({ length: pieces }, () => 'CONFIRMED'))
    expect(new Set(answers.flatMap(({ codes }) => codes))).toEqual(new Set(['CONFLICT']))
    expect((await seller.product(product)).stock).toBe(0)
    expect(await takings()).toBe(pieces * 3)
    const left = await Promise.all(people.map(({ buyer, account }) => buyer.money(account)))
    expect(left.filter(({ available }) => available === '2.00')).toHaveLength(pieces)
    expect(left.filter(({ available }) => available === '5.00')).toHaveLength(buyers - pieces)
  })

  it('twenty calls with one key buy once', async () => {
    const product = await seller.offer({ price: '3.00', stock: pieces })
    const [before, [person]] = [await takings(), await crowd(1, '50')]
    if (!person) throw new Error('There is one.')
    const { buyer, wallet: from, account } = person
    await accepted(buyer.add(product))
    const terms = { idempotencyKey: 'once' }
    const answers = await Promise.all(Array.from({ length: 20 }, () => accepted(buyer.checkout(from, terms))))
    expect(new Set(answers.map(({ checkout }) => checkout.id)).size).toBe(1)
    expect(answers.map(({ checkout }) => checkout.status)).toEqual(Array.from({ length: 20 }, () => 'CONFIRMED'))
    expect((await seller.product(product)).stock).toBe(pieces - 1)
    expect(await buyer.money(account)).toEqual({ balance: '47.00', available: '47.00' })
    expect((await takings()) - before).toBe(3)
    const other = { ...terms, products: [product] }
    expect((await buyer.checkout(from, other)).codes).toEqual(['CONFLICT'])
    expect(await buyer.purchases()).toHaveLength(1)
  })

  it('two purchases of one person of the same cart, with two keys, are two', async () => {
    const product = await seller.offer({ price: '3.00', stock: pieces })
    const [person] = await crowd(1, '50')
    if (!person) throw new Error('There is one.')
    const { buyer, wallet: from, account } = person
    await accepted(buyer.add(product, 2))
    const answers = await Promise.all([buyer.checkout(from), buyer.checkout(from)])
    const bought = answers.filter(({ codes }) => codes.length === 0).length
    expect(bought).toBeGreaterThan(0)
    expect((await seller.product(product)).stock).toBe(pieces - bought * 2)
    expect(Number((await buyer.money(account)).available)).toBe(50 - bought * 6)
  })

  it('one delivery that is told of twenty times comes in once', async () => {
    const product = await seller.offer({ stock: 1 })
    await Promise.all(Array.from({ length: 20 }, () => accepted(seller.restock(product, 4, 'delivery'))))
    expect((await seller.product(product)).stock).toBe(5)
    expect((await seller.restock(product, 5, 'delivery')).codes).toEqual(['CONFLICT'])
    await accepted(seller.restock(product, 5, 'another'))
    expect((await seller.product(product)).stock).toBe(10)
  })

  it('one offer that is made twenty times is one, and so is a cart that is filled from all sides', async () => {
    const terms = { idempotencyKey: 'offer', title: 'One' }
    const ids = await Promise.all(Array.from({ length: 20 }, () => seller.offer(terms)))
    expect(new Set(ids).size).toBe(1)
    const { buyer } = (await crowd(1, '0'))[0] ?? {}
    if (!buyer) throw new Error('There is one.')
    const products = await Promise.all(Array.from({ length: 10 }, () => seller.offer()))
    await Promise.all(products.flatMap((product) => [accepted(buyer.add(product)), accepted(buyer.add(product, 2))]))
    const { lines } = await buyer.cart()
    expect(lines.map(({ quantity }: { quantity: number }) => quantity)).toEqual(products.map(() => 3))
  })
})
