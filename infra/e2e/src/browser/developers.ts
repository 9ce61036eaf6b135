import { expect, it } from 'vitest'
import { openWindow } from './chromium.ts'
import { picture, signInAs } from './visitors.ts'
import type { Visit } from './visitors.ts'

/** Building on the public graph. */
export const describeDevelopers = ({ running, browser }: Visit): void => {
  it(
    'opens the public graph: app, key, a query, use that appears, and a key that is dead',
    { timeout: 90_000 },
    async () => {
      const { url } = running()
      const { page, context, problems } = await openWindow(browser())
      await signInAs(page, `${url}/developers`, 'Bob')
      await page.getByRole('button', { name: 'New app' }).click()
      const name = `Ticker board ${Date.now()}`
      await page.getByRole('textbox', { name: 'Name' }).fill(name)
      await page.getByRole('button', { name: 'Create app' }).click()
      await page.getByRole('heading', { name, level: 1 }).waitFor()

      await page.getByRole('button', { name: 'New key' }).click()
      await page.getByRole('form', { name: 'New key' }).getByRole('textbox', { name: 'Name' }).fill('board')
      await page.getByRole('button', { name: 'Issue key' }).click()
      const dialog = page.getByRole('dialog', { name: 'Your key' })
      const key = await dialog.getByRole('textbox', { name: 'Key' }).inputValue()
      await dialog.getByRole('button', { name: 'Close' }).click()

      await page.getByRole('button', { name: 'Open the explorer' }).click()
      const explorer = page.getByRole('region', { name: 'Public explorer' })
      await explorer.locator('.view-lines').filter({ hasText: 'instruments' }).first().waitFor({ timeout: 30_000 })
      await explorer.getByRole('button', { name: /execute query/i }).click()
      await expect
        .poll(() => explorer.locator('.graphiql-response').first().innerText(), { timeout: 20_000 })
        .toMatch(/BTC-EUR/)
      const used = page.getByLabel('Use in the last hour').getByRole('definition').first()
      await expect.poll(async () => Number(await used.innerText()), { timeout: 20_000 }).toBeGreaterThan(0)
      await picture(page, 'developers')

      await page.getByRole('button', { name: 'Revoke board' }).click()
      await page.getByRole('listitem', { name: 'board: Revoked' }).waitFor()
      const status = async (): Promise<number> => {
        const headers = { 'content-type': 'application/json', 'x-api-key': key }
        const body = JSON.stringify({ query: '{ instruments { edges { node { symbol } } } }' })
        return (await fetch(`${url}/public/graphql`, { method: 'POST', headers, body })).status
      }
      await expect.poll(status, { timeout: 15_000 }).toBe(401)
      expect(problems.filter((problem) => problem.startsWith('asked'))).toEqual([])
      await context.close()
    },
  )
}
