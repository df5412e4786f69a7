import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type axe from 'axe-core'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'
import { editorText, openFile, prompt, sees, seesRest, showsInTerminal, transcript } from './steps.ts'

const stage = await openStage()
const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What stands in the way of people: each finding with the first elements it is about. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run())
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 3)
          .map(({ html }) => html.slice(0, 160))
          .join(' | ')}`,
    )
}

for (const dark of [false, true]) {
  const theme = dark ? 'dark' : 'light'

  test(`everybody can use the login (${theme})`, async () => {
    stage.expectErrors(/status of 401|WebSocket connection/u)
    const page = await stage.openAnonymous('/', { dark })
    await page.getByRole('heading', { name: 'Log in to octo' }).waitFor()
    expect(await findings(page)).toEqual([])
  })

  test(`everybody can use sessions, old and new (${theme})`, async () => {
    const page = await stage.open(`/new/${stage.workspace.id}`, { dark })
    await sees(page, 'What should be done in')
    const found = { begin: await findings(page), session: [''] }
    await prompt(page, `Look, **all** kinds #think #write ${theme}.md #edit ${theme}.md #bash "ls"`)
    await sees(transcript(page), 'The tools said')
    await seesRest(page)
    await transcript(page)
      .getByRole('button', { name: /^Edited/u })
      .last()
      .click()
    await sees(transcript(page), 'Another line.')
    found.session = await findings(page)
    expect(found).toEqual({ begin: [], session: [] })
  })

  test(`everybody can use files and the editor (${theme})`, async () => {
    await writeFile(join(stage.workspace.path, 'app.ts'), 'export const answer = 42 // why not\n')
    const page = await stage.open('/', { dark })
    await openFile(stage, page, 'app.ts')
    await page.getByRole('tab', { name: 'Files' }).click()
    await page.getByRole('treeitem', { name: 'app.ts' }).waitFor()
    await expect.poll(() => editorText(page)).toContain('answer')
    expect(await findings(page)).toEqual([])
  })

  test(`everybody can use terminals (${theme})`, async () => {
    const page = await stage.open(`/new/${stage.workspace.id}`, { dark })
    await page.getByRole('tab', { name: 'Terminals' }).click()
    await page.getByRole('button', { name: 'New terminal' }).first().click()
    await showsInTerminal(page, /[$#] ?$/mu)
    expect(await findings(page)).toEqual([])
  })

  test(`everybody can use the settings (${theme})`, async () => {
    const page = await stage.open('/settings/appearance', { dark })
    const found: Record<string, string[]> = {}
    for (const name of ['Appearance', 'Models', 'Agents', 'Account']) {
      await page.goto(`${stage.product.url}/settings/${name.toLowerCase()}`)
      await page.getByRole('main').getByRole('heading').first().waitFor()
      found[name] = await findings(page)
    }
    expect(found).toEqual({ Appearance: [], Models: [], Agents: [], Account: [] })
  })
}
