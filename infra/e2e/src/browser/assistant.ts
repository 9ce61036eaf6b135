import { expect, it } from 'vitest'
import { openWindow } from './chromium.ts'
import { picture, signInAs } from './visitors.ts'
import type { Visit } from './visitors.ts'

/** Talking with an assistant that remembers. */
export const describeAssistant = ({ running, browser }: Visit): void => {
  it('remembers what it is told, and answers from it in other words', { timeout: 90_000 }, async () => {
    const { page, context, problems } = await openWindow(browser())
    await signInAs(page, `${running().url}/assistant`, 'Carol')
    const message = page.getByRole('textbox', { name: 'Your message' })
    const memory = `The spare key of the cottage hangs behind the blue door.`
    await message.fill(memory)
    await page.getByRole('button', { name: 'Remember', exact: true }).click()
    await page.getByRole('listitem', { name: 'Remembered' }).last().waitFor({ timeout: 30_000 })
    await page
      .getByRole('list', { name: 'Memories', exact: true })
      .getByRole('listitem', { name: memory })
      .first()
      .waitFor()

    const answer = page.getByRole('listitem', { name: 'Answer' }).last()
    const ask = async (): Promise<string> => {
      await message.fill('Where do I find the key to the cottage?')
      await page.getByRole('button', { name: 'Ask' }).click()
      await page
        .getByText(/^From (\d+ memor|nothing)/)
        .last()
        .waitFor({ timeout: 30_000 })
      return answer.innerText()
    }
    // What was remembered is found once it is indexed, which is soon.
    await expect.poll(ask, { timeout: 60_000, interval: 1_000 }).toMatch(/blue door/)
    await picture(page, 'assistant')
    expect(problems).toEqual([])
    await context.close()
  })
}
