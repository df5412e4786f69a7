import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { PageOptions } from '../support/browser.ts'
import type { Stage } from '../support/stage.ts'

/** What a user does and sees, in words of the user. */

/** Opens the page where a session begins, in the usual workspace. */
export async function openNewSession(stage: Stage): Promise<Page> {
  const page = await stage.open(`/new/${stage.workspace.id}`)
  await composer(page).waitFor()
  return page
}

export function composer(page: Page): Locator {
  return page.getByRole('textbox', { name: 'Prompt', exact: true }).or(page.getByRole('combobox', { name: 'Prompt' }))
}

/** Writes a prompt and sends it. While the agent works it is queued. */
export async function prompt(page: Page, text: string): Promise<void> {
  const field = composer(page)
  await field.fill(text)
  // Right after the page came up it may not know yet which agents are ready.
  await page.getByRole('button', { name: /^(?:Send|Queue)$/u, disabled: false }).waitFor()
  await field.press('Enter')
}

/** Says something to the agent while it works. */
export async function steer(page: Page, text: string): Promise<void> {
  const field = composer(page)
  await field.fill(text)
  await field.press('ControlOrMeta+Enter')
}

/** The conversation that is shown. */
export function transcript(page: Page): Locator {
  return page.getByRole('region', { name: /^Transcript of/ })
}

/** The line of a tool call, by what it says, such as "Ran make". */
export function toolLine(page: Page, text: string | RegExp): Locator {
  return transcript(page).getByRole('button', { name: text })
}

/** Waits until this text can be read. */
export async function sees(where: Page | Locator, text: string | RegExp): Promise<void> {
  await where.getByText(text).first().waitFor()
}

/** Waits until this text cannot be read any more. */
export async function seesNoMore(where: Page | Locator, text: string | RegExp): Promise<void> {
  await where.getByText(text).first().waitFor({ state: 'hidden' })
}

/** Waits until the agent has nothing more to do. */
export async function seesRest(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Send' }).waitFor()
}

/** How often a text stands in the conversation. */
export async function timesSaid(page: Page, text: string): Promise<number> {
  return (await transcript(page).innerText()).split(text).length - 1
}

/** Starts a shell in the usual workspace, and waits for its prompt. */
export async function openTerminal(stage: Stage, options: PageOptions = {}): Promise<Page> {
  const page = await stage.open(`/new/${stage.workspace.id}`, options)
  await page.getByRole('tab', { name: 'Terminals' }).click()
  await page.getByRole('button', { name: 'New terminal' }).first().click()
  await showsInTerminal(page, /[$#] ?$/mu)
  return page
}

/** Types into the terminal that is shown. */
export async function typeInTerminal(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Terminal input' }).focus()
  await page.keyboard.type(text)
}

/** Types a line and runs it. */
export async function runInTerminal(page: Page, command: string): Promise<void> {
  await typeInTerminal(page, command)
  await page.keyboard.press('Enter')
}

/** The lines a terminal shows, without the space at their ends. */
export async function terminalText(page: Page): Promise<string> {
  const lines = await page.locator('.xterm-rows > div').allTextContents()
  return lines
    .map((line) => line.replaceAll('\u00A0', ' ').trimEnd())
    .join('\n')
    .trimEnd()
}

/** Waits until the terminal shows this. */
export async function showsInTerminal(page: Page, text: string | RegExp): Promise<void> {
  await expect.poll(() => terminalText(page)).toMatch(text)
}

/** Goes to the address of a file in the usual workspace. */
export async function openFile(stage: Stage, page: Page, path: string): Promise<void> {
  await page.goto(`${stage.product.url}/file/${stage.workspace.id}/${path}`)
}

/** Types at the end of the text in the editor. */
export async function typeInEditor(page: Page, text: string): Promise<void> {
  await page.locator('.monaco-editor .view-lines').last().click()
  await page.keyboard.press('ControlOrMeta+End')
  await page.keyboard.type(text)
}

/** The text the editor shows, without the space at its end. */
export async function editorText(page: Page): Promise<string> {
  const lines = await page
    .locator('.monaco-editor .view-line')
    .evaluateAll((elements) =>
      elements
        .toSorted((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .map((element) => element.textContent),
    )
  return lines.join('\n').replaceAll('\u00A0', ' ').trimEnd()
}
