import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { openWindow } from './chromium.ts'
import { picture } from './visitors.ts'
import type { Visit } from './visitors.ts'

const LATER = `query Later { instrument(symbol: "BTC-EUR") { symbol ... @defer { ticker { last } } } }`

const run = (page: Page): Promise<void> => page.getByRole('button', { name: /execute query/i }).click()

/** What the explorer shows as the answer. */
const answerOf = (page: Page): (() => Promise<string>) => {
  const answer = page.getByRole('region', { name: /result/i }).or(page.locator('.graphiql-response'))
  // Monaco writes spaces that do not break lines.
  return async () => (await answer.first().innerText()).replaceAll('\u{a0}', ' ')
}

/** Replaces what stands in the editor of operations, as pasting does. */
const write = async (page: Page, text: string): Promise<void> => {
  await page.locator('.graphiql-query-editor .view-lines').first().click()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.press('Delete')
  await page.keyboard.insertText(text)
}

/** Asking the graph by hand. */
export const describeExplorer = ({ running, browser }: Visit): void => {
  const openExplorer = async () => {
    const visitor = await openWindow(browser())
    await visitor.page.goto(`${running().url}/explorer`)
    await visitor.page.locator('.view-lines').filter({ hasText: 'instruments' }).first().waitFor()
    const asked = (): readonly string[] => visitor.problems.filter((problem) => problem.startsWith('asked'))
    return { ...visitor, asked }
  }

  it('explores the graph without asking anybody outside', { timeout: 60_000 }, async () => {
    const { page, context, asked } = await openExplorer()
    await run(page)
    await expect.poll(answerOf(page), { timeout: 20_000 }).toMatch(/"?BTC-EUR/)
    await picture(page, 'explorer')
    expect(asked()).toEqual([])
    await context.close()
  })

  it('shows events in the explorer as they happen, until it is told to stop', { timeout: 90_000 }, async () => {
    const { page, context, asked } = await openExplorer()
    await page.getByRole('tab', { name: 'Trades' }).click()
    await page.locator('.view-lines').filter({ hasText: 'tradesExecuted' }).first().waitFor()
    await run(page)
    const answer = answerOf(page)
    await expect.poll(answer, { timeout: 30_000 }).toMatch(/"takerSide": "(BUY|SELL)"/)
    const first = await answer()
    await expect.poll(answer, { timeout: 30_000 }).not.toBe(first)
    await page.getByRole('button', { name: /stop query/i }).click()
    await page.getByRole('button', { name: /execute query/i }).waitFor()
    expect(asked()).toEqual([])
    await context.close()
  })

  it('shows in the explorer what is deferred when it comes', { timeout: 60_000 }, async () => {
    const { page, context, asked } = await openExplorer()
    await write(page, LATER)
    // It runs the operation of the tab's name, which it reads a moment later.
    await page.getByRole('tab', { name: 'Later' }).waitFor()
    const response = page.waitForResponse((one) => one.request().postData()?.includes('Later') ?? false)
    await run(page)
    expect((await response).headers()['content-type']).toMatch(/^multipart\/mixed;/)
    await expect.poll(answerOf(page), { timeout: 20_000 }).toMatch(/"symbol": "BTC-EUR"[^]*"last": "[\d.]+"/)
    expect(asked()).toEqual([])
    await context.close()
  })
}
