import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { USERNAME } from '../support/client.ts'
import { openStage } from '../support/stage.ts'
import { composer, openNewSession, prompt, sees, seesRest, transcript } from './steps.ts'

const stage = await openStage()

/** An extension of pi that asks before each command, and a few things more on request. */
const EXTENSION = `export default function (pi) {
  pi.on('tool_call', async (event, ctx) => {
    if (event.toolName !== 'bash') return
    const choice = await ctx.ui.select('Run ' + event.input.command + '?', ['Allow', 'Block'])
    if (choice !== 'Allow') return { block: true, reason: 'Blocked by the user' }
  })
  pi.registerCommand('ask', {
    description: 'Asks a few things',
    handler: async (_args, ctx) => {
      const name = await ctx.ui.input('Your name?', 'a name')
      const sure = await ctx.ui.confirm('Sure?', 'Really, ' + name + '?')
      const text = await ctx.ui.editor('The text', 'line 1')
      ctx.ui.notify([name, sure, text].join(' / '), 'warning')
    },
  })
}
`

beforeAll(async () => {
  const folder = join(stage.product.home, 'runners', USERNAME, 'agents', 'pi', 'extensions')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'gate.ts'), EXTENSION)
})

function question(page: Page, title: string): Locator {
  return page.getByRole('region', { name: title })
}

/** Presses a number until the card has taken it: at first it ignores keys that were meant for what was there before. */
async function pressNumber(page: Page, card: Locator, key: string): Promise<void> {
  await card.waitFor()
  await expect
    .poll(async () => {
      if (await card.isVisible()) await page.keyboard.press(key)
      return card.isVisible()
    })
    .toBe(false)
}

test('a command that asks first is allowed by a key, and who allowed it can be read', async () => {
  const page = await openNewSession(stage)
  await prompt(page, 'Please #bash "echo allowed-$((40+2))"')
  const card = question(page, 'Run echo allowed-$((40+2))?')
  await card.waitFor()
  await expect.poll(() => page.title()).toMatch(/^\(1\)/u)
  await pressNumber(page, card, '1')
  await sees(transcript(page), `Allow by ${USERNAME}`)
  await sees(transcript(page), 'allowed-42')
  await seesRest(page)
})

test('a command that is blocked does not run', async () => {
  const page = await openNewSession(stage)
  await prompt(page, 'Please #bash "touch forbidden"')
  await question(page, 'Run touch forbidden?').getByRole('button', { name: 'Block' }).click()
  await sees(transcript(page), `Block by ${USERNAME}`)
  await sees(transcript(page), 'Blocked by the user')
  await seesRest(page)
})

test('what waits can be answered from the inbox of another tab', async () => {
  const page = await openNewSession(stage)
  await prompt(page, 'Please #bash "echo from-$((1+1))-tabs"')
  await question(page, 'Run echo from-$((1+1))-tabs?').waitFor()
  const inbox = await stage.openBeside(page, '/inbox')
  await sees(inbox, 'Waiting for you')
  await question(inbox, 'Run echo from-$((1+1))-tabs?').getByRole('button', { name: 'Allow' }).click()
  await question(page, 'Run echo from-$((1+1))-tabs?').waitFor({ state: 'hidden' })
  await sees(transcript(page), 'from-2-tabs')
  await sees(inbox, 'Nothing waits for you')
})

test('questions of an extension are answered with text, a yes, and an editor', async () => {
  const page = await openNewSession(stage)
  await prompt(page, 'hello')
  await sees(transcript(page), 'You said: hello')
  await seesRest(page)
  await composer(page).pressSequentially('/ask')
  await page.getByRole('option', { name: /ask/ }).first().waitFor()
  await composer(page).press('Enter')
  await composer(page).press('Enter')
  const name = question(page, 'Your name?')
  await name.getByRole('textbox', { name: 'Your answer' }).fill('Ada')
  await name.getByRole('textbox', { name: 'Your answer' }).press('Enter')
  await sees(question(page, 'Sure?'), 'Really, Ada?')
  await pressNumber(page, question(page, 'Sure?'), '1')
  const text = question(page, 'The text')
  await text.getByRole('textbox', { name: 'Your answer' }).fill('line 2')
  await text.getByRole('button', { name: 'Answer' }).click()
  await sees(transcript(page), 'Ada / true / line 2')
})
