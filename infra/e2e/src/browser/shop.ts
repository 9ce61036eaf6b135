import { expect, it } from 'vitest'
import { openWindow } from './chromium.ts'
import { picture, signInAs } from './visitors.ts'
import type { Visit } from './visitors.ts'

/** Buying something. */
export const describeShop = ({ running, browser }: Visit): void => {
  it('sells: search, facets, cart, checkout, and a purchase that is confirmed', { timeout: 90_000 }, async () => {
    const { page, context, problems } = await openWindow(browser())
    await signInAs(page, `${running().url}/shop`, 'Bob')
    const products = page.getByRole('list', { name: 'Products', exact: true })
    await products.getByRole('listitem').first().waitFor()
    await picture(page, 'shop')
    const all = await products.getByRole('listitem').count()
    // The choice stands in the address, from which the box is then drawn.
    const inStock = page.getByRole('checkbox', { name: 'In stock' })
    await inStock.click()
    await expect.poll(() => inStock.isChecked()).toBe(true)
    // Somebody else sells it: one does not buy from oneself.
    const title = 'Stoneware mug, speckled'
    await page.getByRole('searchbox', { name: 'Search the shop' }).fill(title)
    await expect.poll(() => products.getByRole('listitem').count(), { timeout: 15_000 }).toBeLessThan(all)

    await products.getByRole('link', { name: title }).click()
    await page.getByRole('heading', { name: title, level: 1 }).waitFor()
    await picture(page, 'product')
    await page.getByRole('button', { name: 'Buy now' }).click()
    await page.getByRole('listitem', { name: `1 × ${title}` }).waitFor()
    await page.getByRole('button', { name: 'Check out' }).first().click()
    const form = page.getByRole('form', { name: 'Check out' })
    await form.getByRole('button', { name: /^Pay / }).click()

    await page.getByRole('heading', { name: 'Purchase', level: 1 }).waitFor()
    await page.getByLabel('Status').filter({ hasText: 'Confirmed' }).waitFor({ timeout: 20_000 })
    await picture(page, 'purchase')
    await page.getByRole('link', { name: '← Purchases' }).click()
    await page
      .getByRole('listitem', { name: `${title}: Confirmed` })
      .first()
      .waitFor()
    expect(problems).toEqual([])
    await context.close()
  })
}
