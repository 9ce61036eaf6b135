import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { callerAt, eventually, signIn } from './client.ts'
import type { Caller } from './client.ts'
import type { System } from './system.ts'

const balances = '{ me { accounts { edges { node { id currency balance { amount } available { amount } } } } } }'

type AccountNode = { id: string; currency: string; balance: { amount: string }; available: { amount: string } }

const accountIn = async (caller: Caller, currency: string): Promise<AccountNode> => {
  const { data } = await caller.ask(balances)
  const nodes = data.me.accounts.edges.map(({ node }: { node: AccountNode }) => node) as AccountNode[]
  const account = nodes.find((node) => node.currency === currency)
  if (!account) throw new Error(`There is no ${currency} account.`)
  return account
}

const place = `mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { id status filled averagePrice } }`
const bestPrices = '{ instrument(symbol: "CDX-EUR") { tickSize lotSize ticker { last bid ask } } }'

/** The stories that cross services, through HTTP and WebSocket. */
export const describeFlows = (running: () => System): void => {
  describe('through HTTP and WebSocket', () => {
    let system: System
    beforeAll(() => {
      system = running()
    })

    it('trades: deposit, order, hold, match, settlement, portfolio, all of it live', async () => {
      const ada = await signIn(system, 'ada')
      const euro = await accountIn(ada, 'EUR')
      const activity = await ada.listen(
        'bancai',
        'subscription ($account: ID!) { accountActivity(account: $account) { account { balance { amount } owner { handle } } entry { amount { amount } } } }',
        { account: euro.id },
      )
      const orders = await ada.listen(
        'x',
        'subscription { orderUpdated { id status filled owner { handle } instrument { symbol } } }',
      )
      const tickers = await callerAt(system).listen(
        'x',
        'subscription { ticker(symbols: ["CDX-EUR"]) { symbol ticker { last at } } }',
      )
      await tickers.until((event) => event.ticker?.symbol === 'CDX-EUR')

      const deposit = await ada.ask(
        'mutation ($input: DepositInput!) { deposit(input: $input) { status amount { amount currency } } }',
        {
          input: { account: euro.id, amount: { amount: '500.00', currency: 'EUR' }, idempotencyKey: randomUUID() },
        },
      )
      expect(deposit.errors).toEqual([])
      expect(deposit.data.deposit).toEqual({ status: 'BOOKED', amount: { amount: '500.00', currency: 'EUR' } })
      // The stream carries a field of another service: the owner's handle belongs to logai.
      const booked = await activity.until((event) => event.accountActivity?.entry?.amount.amount === '500.00')
      expect(booked.accountActivity.account.owner.handle).toBe('ada')

      // A market needs somebody on the other side: the built-in market maker quotes by itself.
      await expect
        .poll(async () => (await ada.ask(bestPrices)).data.instrument.ticker.ask as unknown, {
          timeout: 20_000,
        })
        .toEqual(expect.stringMatching(/^\d/))
      const coins = await accountIn(ada, 'CDX')
      const order = await ada.ask(place, {
        input: {
          symbol: 'CDX-EUR',
          side: 'BUY',
          type: 'MARKET',
          timeInForce: 'IOC',
          quantity: '10',
          idempotencyKey: randomUUID(),
        },
      })
      expect(order.errors).toEqual([])
      expect(order.data.placeOrder).toMatchObject({ status: 'FILLED', filled: expect.stringMatching(/^10(\.0+)?$/) })
      const filled = await orders.until(
        (event) => event.orderUpdated?.id === order.data.placeOrder.id && event.orderUpdated.status === 'FILLED',
      )
      expect(filled.orderUpdated).toMatchObject({ owner: { handle: 'ada' }, instrument: { symbol: 'CDX-EUR' } })
      await tickers.until((event) => event.ticker?.ticker.last !== null && tickers.all.length > 1)

      const expected = (Number(coins.balance.amount) + 10).toFixed(8)
      await eventually(async () => (await accountIn(ada, 'CDX')).balance.amount, expected)
      await activity.until((event) => event.accountActivity?.entry?.amount.amount.startsWith('-'))
      const { data } = await ada.ask(
        '{ portfolio { positions { currency quantity value { amount } account { currency } } } }',
      )
      const position = data.portfolio.positions.find(({ currency }: { currency: string }) => currency === 'CDX')
      expect(Number(position.quantity)).toBe(Number(expected))
      expect(position.account).toEqual({ currency: 'CDX' })
      for (const stream of [activity, orders, tickers]) stream.stop()
    })

    it('is social: a post reaches a follower’s feed live, and the like comes back live', async () => {
      const [ada, bob] = await Promise.all([signIn(system, 'ada'), signIn(system, 'bob')])
      const adaId = (await ada.ask('{ me { id } }')).data.me.id as string
      await bob.ask('mutation ($user: ID!) { follow(user: $user) { viewerFollows } }', { user: adaId })
      const feed = await bob.listen(
        'sociai',
        'subscription { feedUpdated { kind post { id text author { handle } mentions { handle } } } }',
      )
      const text = `Hello @bob, from the #supergraph ${randomUUID()}`

      const post = await ada.ask('mutation ($input: PostInput!) { post(input: $input) { id topics { name } } }', {
        input: { text },
      })
      expect(post.errors).toEqual([])
      const published = await feed.until((event) => event.feedUpdated?.post?.text === text)
      expect(published.feedUpdated.post).toMatchObject({ author: { handle: 'ada' }, mentions: [{ handle: 'bob' }] })

      const { id } = post.data.post as { id: string }
      const activity = await ada.listen(
        'sociai',
        'subscription ($post: ID!) { postActivity(post: $post) { kind actor { handle } post { likeCount } } }',
        { post: id },
      )
      await bob.ask('mutation ($post: ID!) { like(post: $post) { likeCount viewerLikes } }', { post: id })
      const like = await activity.until((event) => event.postActivity?.kind === 'LIKED')
      expect(like.postActivity).toEqual({ kind: 'LIKED', actor: { handle: 'bob' }, post: { likeCount: 1 } })
      const feedPage = await bob.ask('{ feed(first: 5) { edges { node { id likeCount } } } }')
      expect(feedPage.data.feed.edges[0].node).toEqual({ id, likeCount: 1 })
      for (const stream of [feed, activity]) stream.stop()
    })
  })
}
