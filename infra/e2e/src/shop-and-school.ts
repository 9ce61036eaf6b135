import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { callerAt, signIn } from './client.ts'
import type { Caller } from './client.ts'
import type { System } from './system.ts'

const walletsOfMe = `{ me { id wallets(first: 1) { edges { node { id assets { kind amount { amount currency } } } } } } }`

type Asset = { kind: string; amount: { amount: string; currency: string } }

/** The wallet that somebody pays from, and how much EUR it has, in cents. */
const purse = async (caller: Caller): Promise<{ person: string; wallet: string; cents: number }> => {
  const { data, errors } = await caller.ask(walletsOfMe)
  expect(errors).toEqual([])
  const { id: wallet, assets } = data.me.wallets.edges[0].node as { id: string; assets: Asset[] }
  const euro = assets.find(({ kind, amount }) => kind === 'ACCOUNT' && amount.currency === 'EUR')
  return { person: data.me.id, wallet, cents: Math.round(Number(euro?.amount.amount) * 100) }
}

/** The stories of the shop and of the school, through HTTP and WebSocket. */
export const describeShopAndSchool = (running: () => System): void => {
  describe('in the shop and in the school', () => {
    let system: System
    beforeAll(() => {
      system = running()
    })

    it('a product is offered, found, put into a cart, bought, paid, reviewed, and taken back', async () => {
      // Not Ada, whose money moves in the other stories.
      const [carol, bob] = await Promise.all([signIn(system, 'carol'), signIn(system, 'bob')])
      const word = `w${randomUUID().replaceAll('-', '')}`
      const offer = await bob.ask(
        'mutation ($input: CreateProductInput!) { createProduct(input: $input) { id stock } }',
        {
          input: {
            title: `Kite ${word}`,
            description: 'Flies.',
            price: { amount: '12.50', currency: 'EUR' },
            stock: 3,
            category: 'Games',
            idempotencyKey: randomUUID(),
          },
        },
      )
      expect(offer.errors).toEqual([])
      const product = offer.data.createProduct.id as string

      const found = await callerAt(system).ask(
        `query ($search: String) { products(search: $search) { totalCount facets { categories { value count } }
          edges { node { id title price { amount currency } seller { handle } } } } }`,
        { search: word },
      )
      expect(found.errors).toEqual([])
      expect(found.data.products).toEqual({
        totalCount: 1,
        facets: { categories: [{ value: 'Games', count: 1 }] },
        edges: [
          {
            node: {
              id: product,
              title: `Kite ${word}`,
              price: { amount: '12.50', currency: 'EUR' },
              seller: { handle: 'bob' },
            },
          },
        ],
      })

      const before = await purse(carol)
      const cart = await carol.ask(
        'mutation ($input: CartLineInput!) { addToCart(input: $input) { owner { handle } lines { quantity product { id } } } }',
        { input: { product, quantity: 2 } },
      )
      expect(cart.errors).toEqual([])
      expect(cart.data.addToCart.lines).toContainEqual({ quantity: 2, product: { id: product } })
      const bought = await carol.ask(
        `mutation ($input: CheckoutInput!) { checkout(input: $input) { id status total { amount currency } seller { handle }
          payment { id status amount { amount } payee { handle } purchase { id } transfer { status } } } }`,
        { input: { wallet: before.wallet, products: [product], idempotencyKey: randomUUID() } },
      )
      expect(bought.errors).toEqual([])
      const purchase = bought.data.checkout
      expect(purchase).toMatchObject({
        status: 'CONFIRMED',
        total: { amount: '25.00', currency: 'EUR' },
        seller: { handle: 'bob' },
        payment: {
          status: 'SETTLED',
          amount: { amount: '25.00' },
          payee: { handle: 'bob' },
          purchase: { id: purchase.id },
          transfer: { status: 'BOOKED' },
        },
      })
      expect((await purse(carol)).cents).toBe(before.cents - 2_500)

      const states = await carol.listen(
        'cumparai',
        'subscription ($purchase: ID!) { purchaseUpdated(purchase: $purchase) { status buyer { handle } refund { status } } }',
        { purchase: purchase.id },
      )
      await states.until((event) => event.purchaseUpdated?.status === 'CONFIRMED')
      const review = await carol.ask(
        'mutation ($input: ReviewInput!) { review(input: $input) { product { rating } } }',
        {
          input: { product, rating: 4 },
        },
      )
      expect(review.data).toEqual({ review: { product: { rating: '4.0' } } })
      const cancelled = await carol.ask(
        'mutation ($purchase: ID!) { cancelPurchase(purchase: $purchase) { status lines { product { stock } } } }',
        { purchase: purchase.id },
      )
      expect(cancelled.data).toEqual({ cancelPurchase: { status: 'CANCELLED', lines: [{ product: { stock: 3 } }] } })
      const told = await states.until((event) => event.purchaseUpdated?.status === 'CANCELLED')
      expect(told.purchaseUpdated).toMatchObject({ buyer: { handle: 'carol' }, refund: { status: 'SETTLED' } })
      expect((await purse(carol)).cents).toBe(before.cents)
      states.stop()
    })

    it('a course is written, learned lesson by lesson, passed, and its certificate verified by a stranger', async () => {
      const [ada, bob] = await Promise.all([signIn(system, 'ada'), signIn(system, 'bob')])
      const title = `Kites ${randomUUID()}`
      const created = await ada.ask(
        'mutation ($input: CreateCourseInput!) { createCourse(input: $input) { id status } }',
        {
          input: { title, summary: 'How they fly.', level: 'BEGINNER', idempotencyKey: randomUUID() },
        },
      )
      expect(created.errors).toEqual([])
      const course = created.data.createCourse.id as string
      const add = (input: Record<string, unknown>) =>
        ada.ask('mutation ($input: AddLessonInput!) { addLesson(input: $input) { id } }', {
          input: { course, content: '# Text', idempotencyKey: randomUUID(), ...input },
        })
      const question = { text: 'What pulls?', options: ['The wind', 'The line'], correctOptions: [1] }
      const [first, second] = [
        (await add({ title: 'Wind' })).data.addLesson.id,
        (await add({ title: 'Line', quiz: { questions: [question] } })).data.addLesson.id,
      ]
      await ada.ask('mutation ($course: ID!) { publishCourse(course: $course) { status } }', { course })

      const enrolled = await bob.ask('mutation ($course: ID!) { enroll(course: $course) { id progress } }', { course })
      expect(enrolled.errors).toEqual([])
      const { id: enrollment } = enrolled.data.enroll as { id: string }
      const progress = await bob.listen(
        'studiai',
        'subscription ($enrollment: ID!) { enrollmentProgress(enrollment: $enrollment) { progress student { handle } certificate { number } } }',
        { enrollment },
      )
      await progress.until((event) => event.enrollmentProgress?.progress === 0)
      const complete = 'mutation ($lesson: ID!) { completeLesson(lesson: $lesson) { progress } }'
      for (const lesson of [first, second]) await bob.ask(complete, { lesson })
      const passed = await bob.ask(
        'mutation ($input: SubmitQuizInput!) { submitQuiz(input: $input) { isPassed enrollment { status } } }',
        { input: { lesson: second, answers: [{ question: 1, options: [1] }] } },
      )
      expect(passed.data).toEqual({ submitQuiz: { isPassed: true, enrollment: { status: 'COMPLETED' } } })
      const done = await progress.until((event) => event.enrollmentProgress?.progress === 100)
      expect(done.enrollmentProgress.student).toEqual({ handle: 'bob' })
      progress.stop()

      const { number } = done.enrollmentProgress.certificate
      const verified = await callerAt(system).ask(
        'query ($number: String!) { certificate(number: $number) { courseTitle student { handle } course { teacher { handle } } } }',
        { number },
      )
      expect(verified.errors).toEqual([])
      expect(verified.data.certificate).toEqual({
        courseTitle: title,
        student: { handle: 'bob' },
        course: { teacher: { handle: 'ada' } },
      })
    })
  })
}
