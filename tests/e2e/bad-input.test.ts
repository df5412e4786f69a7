import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Workspace } from '@octo/protocol'
import type { Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'
import { openNewSession, prompt, sees, seesRest, transcript } from './steps.ts'

const PI = join(import.meta.dirname, '../../runner/node_modules/.bin/pi')
const scripts = await mkdtemp(join(tmpdir(), 'octo-agents-'))
afterAll(() => rm(scripts, { recursive: true, force: true }))

/** An agent that misbehaves until a file called "mended" is in the workspace; then it is pi. */
async function misbehaving(name: string, script: string): Promise<string> {
  const path = join(scripts, name)
  await writeFile(path, `#!/bin/sh\nif [ -e mended ] || [ "$1" = --version ]; then exec '${PI}' "$@"; fi\n${script}\n`)
  await chmod(path, 0o755)
  return path
}

const stage = await openStage({
  config: `
[agents.pi]
kind = "pi"

[agents.missing]
kind = "pi"
title = "Missing"
command = "/no/such/pi"

[agents.quits]
kind = "pi"
title = "Quits"
command = "${await misbehaving('quits', 'echo "I have no licence." >&2; exit 3')}"

[agents.babbles]
kind = "pi"
title = "Babbles"
command = "${await misbehaving('babbles', 'echo "this is no JSON"; echo "{broken"; echo "[]"; exit 0')}"
`,
})

/** A new session's page, with this agent chosen. */
async function chooseAgent(workspace: Workspace, title: string): Promise<Page> {
  const page = await stage.open(`/new/${workspace.id}`)
  await page.getByRole('button', { name: /^Agent and model/u }).click()
  await page.getByText(title, { exact: true }).click()
  await page.keyboard.press('Escape')
  return page
}

test('an agent whose program is missing says so before anything is sent', async () => {
  const page = await openNewSession(stage)
  await page.getByRole('button', { name: /^Agent and model/u }).click()
  const agents = page.getByRole('group', { name: 'Agent' })
  expect(await agents.getByRole('radio', { name: /Missing/u }).isDisabled()).toBe(true)
  await sees(agents, /\/no\/such\/pi/u)
})

for (const { name, title, says } of [
  { name: 'quits', title: 'Quits', says: /code 3/u },
  { name: 'babbles', title: 'Babbles', says: /Babbles/u },
]) {
  test(`a session with an agent that ${name} ends in words, and goes on once that is mended`, async () => {
    const workspace = await stage.addWorkspace(name)
    const page = await chooseAgent(workspace, title)
    await prompt(page, `hello ${name}`)
    await sees(transcript(page), 'The agent itself failed.')
    await sees(transcript(page), says)
    await seesRest(page)
    await writeFile(join(workspace.path, 'mended'), '')
    await prompt(page, `again ${name}`)
    await sees(transcript(page), `You said: again ${name}`)
    await seesRest(page)
  })
}

test('a workspace whose folder goes away says so, and can be used again when it is back', async () => {
  const workspace = await stage.addWorkspace('orchard')
  const page = await stage.open(`/new/${workspace.id}`)
  await prompt(page, 'grow some apples')
  await sees(transcript(page), 'You said: grow some apples')
  await seesRest(page)
  await rename(workspace.path, `${workspace.path}-away`)
  await sees(page, `The folder ${workspace.path} is not there any more.`)
  await rename(`${workspace.path}-away`, workspace.path)
  await page.getByText('is not there any more.').waitFor({ state: 'hidden' })
  await prompt(page, 'and pears')
  await sees(transcript(page), 'You said: and pears')
})

test('text that looks like markup, control characters and a very long line do no harm', async () => {
  const page = await openNewSession(stage)
  const nasty = `<img src=x onerror="window.hacked=true"> \u202Eevil\u202C ${'x'.repeat(5_000)} [a](javascript:alert(1))`
  await prompt(page, nasty)
  await sees(transcript(page), /You said: <img src=x/u)
  await seesRest(page)
  expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false)
  expect(await transcript(page).getByRole('link', { name: 'a', exact: true }).count()).toBe(0)
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
})
