import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { PASSWORD, USERNAME } from '../support/client.ts'
import { openStage } from '../support/stage.ts'
import { sees } from './steps.ts'

const stage = await openStage()

/** "Log out everywhere" promises that other browsers know within this. */
const LOGOUT_MS = 2_000

async function logIn(page: Page, password: string): Promise<void> {
  await page.getByLabel('User name').fill(USERNAME)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
}

async function seesWorkbench(page: Page): Promise<void> {
  await page.getByRole('complementary', { name: 'Sidebar' }).waitFor()
}

async function seesLogin(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'Log in to octo' }).waitFor()
}

test('a wrong password is refused in words, the right one opens the workbench', async () => {
  stage.expectErrors(/status of 401|WebSocket connection/u)
  const page = await stage.openAnonymous()
  await seesLogin(page)
  await logIn(page, 'wrong horse battery')
  await page.getByRole('alert').waitFor()
  expect(await page.getByRole('alert').innerText()).toMatch(/password is wrong/iu)
  await logIn(page, PASSWORD)
  await seesWorkbench(page)
})

test('a link to a place in octo still leads there after logging in', async () => {
  stage.expectErrors(/status of 401|WebSocket connection/u)
  const page = await stage.openAnonymous('/settings/account')
  await logIn(page, PASSWORD)
  await page.getByRole('heading', { name: 'Where you are logged in' }).waitFor()
})

test('logging out shows the login, and nothing else is shown any more', async () => {
  stage.expectErrors(/status of 401|WebSocket connection/u)
  const page = await stage.openAnonymous()
  await logIn(page, PASSWORD)
  await seesWorkbench(page)
  await page.getByRole('button', { name: USERNAME }).click()
  await page.getByRole('menuitem', { name: 'Log out' }).click()
  await seesLogin(page)
  await page.goto(`${stage.product.url}/settings/account`)
  await seesLogin(page)
})

test('logging out everywhere closes the other browser within two seconds', async () => {
  stage.expectErrors(/status of 401|WebSocket connection/u)
  const other = await stage.openAnonymous()
  await logIn(other, PASSWORD)
  await seesWorkbench(other)
  const page = await stage.openAnonymous('/settings/account')
  await logIn(page, PASSWORD)
  await page.getByRole('button', { name: 'Log out everywhere' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Log out everywhere' }).click()
  await other.getByRole('dialog', { name: 'Log in again' }).waitFor({ timeout: LOGOUT_MS })
  await seesLogin(page)

  await logIn(other, PASSWORD)
  await other.getByRole('dialog', { name: 'Log in again' }).waitFor({ state: 'hidden' })
  await sees(other, 'What should be done in')
})
