import { expect, it } from 'vitest'
import { openWindow } from './chromium.ts'
import { picture, signInAs } from './visitors.ts'
import type { Visit } from './visitors.ts'

/** Learning something. */
export const describeLearning = ({ running, browser }: Visit): void => {
  it('teaches: a course is found, begun, and its progress moves', { timeout: 60_000 }, async () => {
    const { page, context, problems } = await openWindow(browser())
    await signInAs(page, `${running().url}/learn`, 'Ada')
    const courses = page.getByRole('list', { name: 'Courses', exact: true })
    await courses.getByRole('listitem').first().waitFor()
    await picture(page, 'learn')
    await page.getByRole('group', { name: 'Level' }).getByText('Beginner', { exact: true }).click()
    await courses.getByRole('link', { name: /Sourdough/ }).click()
    await page.getByRole('button', { name: 'Enroll' }).click()
    await page.getByRole('link', { name: 'Begin' }).click()
    const progress = page.getByRole('progressbar', { name: 'Your progress' })
    const before = Number(await progress.getAttribute('value'))
    await page.getByRole('button', { name: 'I have worked through it' }).click()
    await page.getByText('Completed', { exact: true }).waitFor()
    await expect.poll(async () => Number(await progress.getAttribute('value'))).toBeGreaterThan(before)
    await picture(page, 'lesson')
    expect(problems).toEqual([])
    await context.close()
  })
}
