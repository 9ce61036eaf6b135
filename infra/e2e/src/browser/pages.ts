import { registeredPorts } from '@codai/subgraphs/registry'
import { expect, it } from 'vitest'
import { signIn } from '../client.ts'
import { openWindow } from './chromium.ts'
import { picture, signInAs } from './visitors.ts'
import type { Visit } from './visitors.ts'

/** Trading, talking, and looking around. */
export const describePages = ({ running, browser }: Visit): void => {
  it(
    'lets a newcomer sign in with a click, trade, and see order, book, ticker and balance move',
    { timeout: 90_000 },
    async () => {
      const { url } = running()
      const { page, context, problems } = await openWindow(browser())
      await page.goto(`${url}/trade/CDX-EUR`)
      await page.getByRole('table', { name: 'Bids' }).waitFor()
      await page.getByRole('button', { name: 'Sign in to trade' }).click()
      await page.getByRole('button', { name: 'Continue as Ada' }).click()

      const balance = page.getByRole('listitem', { name: 'CDX balance' })
      await balance.waitFor()
      const held = async (): Promise<number> =>
        Number(/^([\d,.]+) CDX/.exec(await balance.innerText())?.[1]?.replaceAll(',', ''))
      const before = await held()
      const ticket = page.getByRole('form', { name: 'Order ticket' })
      await ticket.getByText('Market', { exact: true }).click()
      await ticket.getByRole('textbox', { name: /^Quantity/ }).fill('20')
      await ticket.getByRole('button', { name: 'Buy CDX' }).click()

      await page.getByRole('tab', { name: 'History' }).click()
      const orders = page.getByRole('list', { name: 'Order history' })
      await orders
        .getByRole('listitem', { name: /^Buy 20 CDX .*: Filled$/ })
        .first()
        .waitFor()
      await expect.poll(held, { timeout: 15_000 }).toBe(before + 20)

      const lastPrice = page.getByLabel('Last price')
      const book = page.getByRole('table', { name: 'Asks' })
      const [price, levels] = [await lastPrice.innerText(), await book.innerText()]
      await expect.poll(() => book.innerText(), { timeout: 20_000 }).not.toBe(levels)
      await expect.poll(() => lastPrice.innerText(), { timeout: 30_000 }).not.toBe(price)
      await picture(page, 'trade')
      expect(problems).toEqual([])
      await context.close()
    },
  )

  it('refuses an order that cannot be, before it is sent', async () => {
    const { page, context } = await openWindow(browser())
    await signInAs(page, `${running().url}/trade/BTC-EUR`, 'Bob')
    const ticket = page.getByRole('form', { name: 'Order ticket' })
    await ticket.getByRole('textbox', { name: /^Price/ }).fill('0.000001')
    await ticket.getByRole('textbox', { name: /^Quantity/ }).fill('1')
    await ticket.getByRole('button', { name: 'Buy BTC' }).click()
    await ticket
      .getByText(/step|multiple|tick/i)
      .first()
      .waitFor()
    expect(await page.getByRole('textbox', { name: /^Price/ }).getAttribute('aria-invalid')).toBe('true')
    await context.close()
  })

  it('lets somebody post, and see the like of somebody else arrive', { timeout: 60_000 }, async () => {
    const system = running()
    const { page, context, problems } = await openWindow(browser())
    await signInAs(page, `${system.url}/feed`, 'Carol')
    await page.getByRole('article').first().waitFor()
    const text = `Good morning from the #test at ${Date.now()}`
    await page.getByRole('textbox', { name: 'What is on your mind?' }).fill(text)
    await page.getByRole('button', { name: 'Post', exact: true }).click()
    const post = page.getByRole('article').filter({ hasText: text })
    await post.getByRole('button', { name: 'Like, 0 likes' }).waitFor()

    const ada = await signIn(system, 'ada')
    const { data } = await ada.ask('{ user(handle: "carol") { posts(first: 1) { edges { node { id text } } } } }')
    const { node } = data.user.posts.edges[0]
    expect(node.text).toBe(text)
    await ada.ask('mutation ($post: ID!) { like(post: $post) { id } }', { post: node.id })
    await post.getByRole('button', { name: 'Like, 1 like' }).waitFor({ timeout: 15_000 })
    await picture(page, 'feed')
    expect(problems).toEqual([])
    await context.close()
  })

  it('shows how each service is', async () => {
    const { page, context, problems } = await openWindow(browser(), { dark: true })
    await page.goto(`${running().url}/services`)
    await page.getByText(`All ${Object.keys(registeredPorts).length} services are ready.`).waitFor()
    for (const name of ['Logai', 'Bancai', 'Wallet', 'Sociai', 'X']) {
      await page.getByRole('list', { name: 'Core services' }).getByRole('listitem', { name, exact: true }).waitFor()
    }
    await picture(page, 'services')
    expect(problems).toEqual([])
    await context.close()
  })

  it('is good to use on a phone and with the keyboard alone', async () => {
    const { page, context, problems } = await openWindow(browser(), { phone: true, dark: true })
    await page.goto(`${running().url}/trade/ETH-EUR`)
    await page.getByLabel('Last price').waitFor()
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
    expect(overflow).toBeLessThanOrEqual(0)
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toMatch(/skip/i)
    await picture(page, 'phone')
    expect(problems).toEqual([])
    await context.close()
  })
}
