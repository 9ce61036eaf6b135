import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { demoProducts } from './seed-products.ts'
import { demoProductId } from './seed.ts'
import { accepted, createShopper, serviceOf } from './shop.fixture.ts'
import type { Shown } from './shop.fixture.ts'
import cumparai from './subgraph.ts'

const document = `query ($search: String, $filters: ProductFiltersInput, $sort: ProductSort, $first: Int, $after: String) {
  products(search: $search, filters: $filters, sort: $sort, first: $first, after: $after) {
    edges { node { id title price { amount currency } } } pageInfo { hasNextPage endCursor } totalCount
    facets { categories { value count } tags { value count } ratings { value count } inStock
      prices { currency count least { amount } most { amount } } }
  }
}`

describe('the catalogue', () => {
  let world: TestWorld
  beforeAll(async () => {
    world = await startWorld([cumparai])
  })
  afterAll(() => world?.stop())

  const list = async (variables: Record<string, unknown>): Promise<Shown> =>
    (await accepted(world.asAnonymous().query(document, variables))).products
  const titles = ({ edges }: Shown): string[] => edges.map(({ node }: { node: { title: string } }) => node.title)

  it('is there for everybody, newest first, with pictures that need no other server', async () => {
    const newest = demoProducts.toSorted((one, other) => one.daysAgo - other.daysAgo).map(({ title }) => title)
    expect(titles(await list({ first: 100 }))).toEqual(newest)
    const { data } = await world.asAnonymous().query('{ products(first: 100) { edges { node { imageUrls } } } }')
    const addresses = data.products.edges.flatMap(({ node }: { node: { imageUrls: string[] } }) => node.imageUrls)
    expect(addresses.length).toBeGreaterThanOrEqual(demoProducts.length)
    for (const address of addresses) expect(address).toMatch(/^data:image\/svg\+xml,/)
  })

  const searches: [string, string, string[]][] = [
    ['a word of the title', 'lamp', ['Oak desk lamp']],
    ['the beginning of a word', 'headph', ['Quiet headphones']],
    ['a word of the description', 'gasket', ['Mechanical keyboard, 75 %']],
    ['a tag', 'camping', ['Two-person tent, 1.9 kg']],
    ['any case, and no accents', 'CHÉFS', []],
    ['all words, in any order', 'mug stoneware', ['Stoneware mug, speckled']],
    ['only what has all words', 'mug keyboard', []],
    ['signs that mean something elsewhere', '^.*$ {zz', []],
    ['nothing that is hidden in other words', 'amp', []],
  ]
  it.each(searches)('finds by %s', async (_what, search, expected) => {
    expect(titles(await list({ search }))).toEqual(expected)
  })

  it('puts what has the word in its title before what only mentions it', async () => {
    expect(titles(await list({ search: 'steel' }))).toEqual(['Steel bottle, 0.75 l', 'Chef’s knife, 20 cm'])
    expect(titles(await list({ search: 'travel' }))[0]).toBe('Travel chess with magnets')
  })

  it('is narrowed by filters, which all have to fit', async () => {
    expect(titles(await list({ filters: { categories: ['Books', 'Games'] } }))).toEqual([
      'Travel chess with magnets',
      'Notes on the engine, annotated',
    ])
    expect(titles(await list({ filters: { tags: ['Steel', 'travel'] } }))).toEqual(['Steel bottle, 0.75 l'])
    const price = { currency: 'EUR', least: '98', most: '119' }
    expect(titles(await list({ filters: { price } }))).toEqual(['Chef’s knife, 20 cm', 'Rolltop backpack, 24 l'])
    expect(titles(await list({ filters: { price: { currency: 'USD' } } }))).toEqual([])
    expect(titles(await list({ filters: { rating: 5, inStock: true } }))).toEqual(['Notes on the engine, annotated'])
    expect((await list({ filters: { inStock: true } })).totalCount).toBe(demoProducts.length - 1)
    const adas = demoProducts.filter(({ seller }) => seller === 'ada')
    expect((await list({ filters: { seller: demoPeople.ada.id } })).totalCount).toBe(adas.length)
  })

  it('says how far a list can be narrowed', async () => {
    const { facets, totalCount } = await list({ filters: { categories: ['Home', 'Kitchen'] }, first: 1 })
    expect(totalCount).toBe(5)
    expect(facets.categories).toEqual([
      { value: 'Home', count: 3 },
      { value: 'Kitchen', count: 2 },
    ])
    expect(facets.tags[0]).toEqual({ value: 'handmade', count: 4 })
    expect(facets.prices).toEqual([
      { currency: 'EUR', count: 5, least: { amount: '22.00' }, most: { amount: '98.00' } },
    ])
    expect(facets.ratings).toEqual([
      { value: '5', count: 1 },
      { value: '4', count: 2 },
    ])
    expect(facets.inStock).toBe(4)
    const nothing = await list({ search: 'nothing at all' })
    expect(nothing).toMatchObject({ totalCount: 0, edges: [], facets: { categories: [], prices: [], inStock: 0 } })
  })

  it.each(['NEWEST', 'PRICE_ASCENDING', 'PRICE_DESCENDING', 'RATING', 'RELEVANCE'])(
    'is read page by page in the order %s without a gap or a repetition',
    async (sort) => {
      const search = sort === 'RELEVANCE' ? 'a' : undefined
      const whole = titles(await list({ sort, search, first: 100 }))
      const read: string[] = []
      for (let after: string | null = null; ;) {
        const page = await list({ sort, search, first: 3, after })
        read.push(...titles(page))
        if (!page.pageInfo.hasNextPage) break
        after = page.pageInfo.endCursor
      }
      expect(read).toEqual(whole)
      expect(read.length).toBeGreaterThan(3)
    },
  )

  it('is ordered by price, and by what buyers think', async () => {
    const prices = (page: Shown): number[] => page.edges.map(({ node }: Shown) => Number(node.price.amount))
    const ascending = prices(await list({ sort: 'PRICE_ASCENDING', first: 100 }))
    expect(ascending).toEqual(ascending.toSorted((one, other) => one - other))
    expect(prices(await list({ sort: 'PRICE_DESCENDING', first: 100 }))).toEqual(ascending.toReversed())
    expect(titles(await list({ sort: 'RATING', first: 2 }))).toEqual([
      'Notes on the engine, annotated',
      'Wall clock without ticking',
    ])
  })

  it('refuses what nobody can mean', async () => {
    const codes = async (variables: Record<string, unknown>): Promise<readonly string[]> =>
      (await world.asAnonymous().query(document, variables)).codes
    const wrong = [
      { filters: { rating: 6 } },
      { filters: { categories: Array.from({ length: 21 }, String) } },
      { filters: { price: { currency: 'EUR', least: '0.001' } } },
      { search: 'x'.repeat(201) },
      { sort: 'RATING', after: (await list({ sort: 'PRICE_ASCENDING', first: 1 })).pageInfo.endCursor },
      { after: 'nonsense' },
      { first: 101 },
    ]
    for (const variables of wrong) expect(await codes(variables)).toEqual(['BAD_USER_INPUT'])
  })

  it('shows what a seller changes, and nothing of what is withdrawn, but to the seller', async () => {
    const bob = createShopper(world, demoPeople.bob)
    const product = await bob.offer({ title: 'Zither', tags: ['Strings', 'strings '], stock: 2 })
    expect(await bob.product(product)).toMatchObject({ tags: ['strings'], rating: null, reviewCount: 0 })
    await accepted(bob.update(product, { title: 'Lyre', category: 'Music' }))
    expect(titles(await list({ search: 'zither' }))).toEqual([])
    expect(titles(await list({ search: 'lyre music strings' }))).toEqual(['Lyre'])
    await accepted(bob.update(product, { status: 'WITHDRAWN' }))
    expect(titles(await list({ search: 'lyre' }))).toEqual([])
    const offered = async (person: { id: string }): Promise<number> => {
      const query = `query ($list: [_Any!]!) { _entities(representations: $list) { ... on User { products(first: 100) { totalCount } } } }`
      const { data } = await world.as(person).query(query, { list: [{ __typename: 'User', id: demoPeople.bob.id }] })
      return data._entities[0].products.totalCount
    }
    expect((await offered(demoPeople.bob)) - (await offered(demoPeople.ada))).toBe(1)
    expect(await bob.product(product)).toMatchObject({ title: 'Lyre', status: 'WITHDRAWN' })
  })

  it('adds a delivery once, also when whoever brought it was killed on the way', async () => {
    const bob = createShopper(world, demoPeople.bob)
    const product = await bob.offer({ stock: 1 })
    const { store } = serviceOf(world)
    const delivery = {
      _id: 'half a delivery',
      seller: bob.id,
      product,
      quantity: 4,
      createdAt: new Date(),
      workAt: new Date(),
      isDone: false,
    }
    await store.deliveries.insert(delivery, { key: 'half', contentHash: 'any' })
    // The stock was changed; that it was is not written yet.
    await store.stock.put({ product, id: delivery._id, quantity: 4 })
    for (let round = 0; round < 3; round += 1) {
      for (const due of await store.deliveries.due(new Date(), 10)) await store.deliveries.finish(due, new Date())
    }
    expect(await bob.product(product)).toMatchObject({ stock: 5 })
  })

  it('never brings demo data back that people changed', async () => {
    const lamp = demoProductId('1AMP')
    await accepted(createShopper(world, demoPeople.bob).update(lamp, { status: 'WITHDRAWN' }))
    await accepted(createShopper(world, demoPeople.ada).remove(demoProductId('MVG')))
    await world.restart()
    expect(await createShopper(world, demoPeople.ada).product(lamp)).toMatchObject({ status: 'WITHDRAWN' })
    expect((await createShopper(world, demoPeople.ada).cart()).lines).toHaveLength(1)
  })
})
