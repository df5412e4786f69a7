import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'
import { openNewSession, prompt, sees, seesRest, transcript } from './steps.ts'

const stage = await openStage()

/** Opens the palette, types, waits for an entry and goes there, without a mouse. */
async function goBy(page: Page, words: string, entry: RegExp): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k')
  const palette = page.getByRole('dialog', { name: 'Search everything' })
  await palette.getByRole('combobox').waitFor()
  await page.keyboard.type(words)
  const wanted = palette.getByRole('option', { name: entry })
  await wanted.waitFor()
  await expect
    .poll(async () => {
      if ((await wanted.getAttribute('aria-selected')) !== 'true') await page.keyboard.press('ArrowDown')
      return wanted.getAttribute('aria-selected')
    })
    .toBe('true')
  await page.keyboard.press('Enter')
  await palette.waitFor({ state: 'hidden' })
}

test('sessions, messages, files and commands are found by their names with the keyboard alone', async () => {
  await mkdir(join(stage.workspace.path, 'beds'), { recursive: true })
  await writeFile(join(stage.workspace.path, 'beds', 'dahlias.txt'), 'Dig them up in autumn.\n')
  const page = await openNewSession(stage)
  await prompt(page, 'Plan the vegetable beds')
  await sees(transcript(page), 'You said: Plan')
  await seesRest(page)
  await page.goto(`${stage.product.url}/new/${stage.workspace.id}`)
  await sees(page, 'What should be done in')

  await goBy(page, 'vegetable plan', /Plan the vegetable beds/u)
  await sees(transcript(page), 'You said: Plan')

  await goBy(page, 'settings account', /Settings: account/u)
  await page.getByRole('heading', { name: 'Where you are logged in' }).waitFor()

  await goBy(page, 'you said plan', /You said: Plan the vegetable beds/u)
  await sees(transcript(page), 'You said: Plan')

  await goBy(page, 'dahl', /dahlias\.txt/u)
  await page.getByRole('tab', { name: 'dahlias.txt', selected: true }).waitFor()
})

test('Escape closes the palette and nothing else', async () => {
  const page = await openNewSession(stage)
  await page.keyboard.press('ControlOrMeta+k')
  const palette = page.getByRole('dialog', { name: 'Search everything' })
  await palette.getByRole('combobox').waitFor()
  await page.keyboard.type('zzz no such thing')
  await sees(palette, 'Nothing found.')
  await page.keyboard.press('Escape')
  await palette.waitFor({ state: 'hidden' })
  await sees(page, 'What should be done in')
})
