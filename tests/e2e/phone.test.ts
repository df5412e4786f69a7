import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { PHONE } from '../support/browser.ts'
import { openEmptyStage } from '../support/stage.ts'
import { composer, sees, transcript } from './steps.ts'

const stage = await openEmptyStage()

/** The narrowest screens in use. */
const NARROW = { width: 360, height: 740 } as const

async function fits(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)
}

test('on a phone, from the first address to a program that was written and run, by touch', async () => {
  const folder = await stage.folder('first-project')
  const page = await stage.openAnonymous(stage.product.setupUrl, { size: PHONE, touch: true })
  await page.getByLabel('User name').fill('ada')
  await page.getByLabel('Password').fill('correct horse battery')
  await page.getByRole('button', { name: 'Create account' }).tap()

  await page.getByRole('button', { name: 'first-project' }).tap()
  await sees(page, folder)
  await page.getByRole('button', { name: 'Work in this folder' }).tap()
  await page.getByRole('button', { name: 'Use the demo model' }).tap()
  await composer(page).fill('Write and run a small program')
  await page.getByRole('button', { name: 'Send' }).tap()
  await sees(transcript(page), '10 primes')
  expect(await readFile(join(folder, 'primes.sh'), 'utf8')).toContain('#!/bin/sh')

  const screens = page.getByRole('navigation', { name: 'Screens' })
  await screens.getByRole('button', { name: 'Files' }).tap()
  await page.getByRole('treeitem', { name: 'primes.sh' }).tap()
  await expect.poll(() => page.getByRole('textbox', { name: 'primes.sh' }).inputValue()).toContain('#!/bin/sh')

  await screens.getByRole('button', { name: 'Terminal' }).tap()
  await page.getByRole('button', { name: 'New terminal' }).tap()
  await page.getByRole('toolbar', { name: 'Terminal keys' }).waitFor()

  await page.setViewportSize(NARROW)
  const tooWide: string[] = []
  const look = async (name: string): Promise<void> => {
    if (!(await fits(page))) tooWide.push(name)
  }
  await look('a terminal')
  for (const name of ['Sessions', 'Chat', 'Changes', 'Files', 'Terminal', 'Inbox']) {
    await screens.getByRole('button', { name, exact: true }).tap()
    await look(name)
  }
  for (const path of ['/settings/appearance', '/settings/models', '/settings/agents', '/settings/account', '/new']) {
    await page.goto(`${stage.product.url}${path}`)
    await screens.waitFor()
    await look(path)
  }
  await page.goto(stage.product.url)
  await screens.getByRole('button', { name: 'Sessions' }).tap()
  await page
    .getByRole('button', { name: /Write and run/u })
    .first()
    .tap()
  await sees(transcript(page), '10 primes')
  await look('a session')
  expect(tooWide).toEqual([])
})

test('the login fits the narrowest screen', async () => {
  stage.expectErrors(/status of 401|WebSocket connection/u)
  const page = await stage.openAnonymous('/', { size: NARROW, touch: true })
  await page.getByRole('heading', { name: 'Log in to octo' }).waitFor()
  expect(await fits(page)).toBe(true)
})
