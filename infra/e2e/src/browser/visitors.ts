import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryRoot } from '@codai/runtime'
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { System } from '../system.ts'

/** What a story in a browser needs. */
export type Visit = { readonly running: () => System; readonly browser: () => Browser }

/** Signs in as one of the demo people, with two clicks. */
export const signInAs = async (page: Page, url: string, name: string): Promise<void> => {
  await page.goto(url)
  await page.getByRole('button', { name: 'Sign in', exact: true }).first().click()
  await page.getByRole('button', { name: `Continue as ${name}` }).click()
  await page.getByRole('button', { name: `Account of ${name.toLowerCase()}` }).waitFor()
}

/** Keeps a picture of the page; among those that are checked in, when they are to be renewed. */
export const picture = async (page: Page, name: string): Promise<void> => {
  const renew =
    (expect.getState() as unknown as { snapshotState: { _updateSnapshot: string } }).snapshotState._updateSnapshot ===
    'all'
  const folder = join(repositoryRoot, renew ? 'web/screenshots' : '.codai/screenshots')
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`) })
}
