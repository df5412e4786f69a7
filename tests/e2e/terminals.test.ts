import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'
import { openTerminal, runInTerminal, sees, showsInTerminal, terminalText, typeInTerminal } from './steps.ts'

const stage = await openStage({ modelless: true })
const inWorkspace = (name: string): string => join(stage.workspace.path, name)

test('a shell runs in the folder of the workspace and says what is true', async () => {
  const page = await openTerminal(stage)
  await runInTerminal(page, 'echo "in $(pwd), $((6 * 7)) Grüße 🦑 漢字"')
  await showsInTerminal(page, `in ${stage.workspace.path}, 42 Grüße 🦑 漢字`)
  const marker = inWorkspace('from-the-shell')
  await runInTerminal(page, `printf real > from-the-shell && echo wri''tten`)
  await showsInTerminal(page, /^written$/mu)
  expect(await readFile(marker, 'utf8')).toBe('real')
})

test('vim fills the screen, survives a reload as it was, and writes the file', async () => {
  const page = await openTerminal(stage)
  await runInTerminal(page, 'vim note.txt')
  await showsInTerminal(page, '"note.txt" [New]')
  await typeInTerminal(page, 'iA line for the garden')
  await page.keyboard.press('Escape')
  await showsInTerminal(page, /^A line for the garden\n~/u)
  // For a moment vim waits whether the escape is one of its own.
  await showsInTerminal(page, /1,21\s+All/u)
  const before = await terminalText(page)
  await page.reload()
  await showsInTerminal(page, 'A line for the garden')
  expect(await terminalText(page)).toBe(before)
  await typeInTerminal(page, ':wq\n')
  await showsInTerminal(page, /[$#] vim note\.txt\n.*[$#]$/mu)
  expect(await readFile(inWorkspace('note.txt'), 'utf8')).toBe('A line for the garden\n')
})

test('less and htop can be used and left', async () => {
  const page = await openTerminal(stage)
  await runInTerminal(page, 'seq 500 | less')
  await showsInTerminal(page, /^1\n2\n3\n/u)
  await typeInTerminal(page, 'G')
  await showsInTerminal(page, /499\n500\n\(END\)$/u)
  await typeInTerminal(page, 'q')
  await runInTerminal(page, 'htop')
  await showsInTerminal(page, /PID.*USER/u)
  await showsInTerminal(page, /F10/u)
  await typeInTerminal(page, 'q')
  await runInTerminal(page, "echo ba''ck")
  await showsInTerminal(page, /^back$/mu)
})

test('a second tab shows the same screen, and what is typed in one appears in both', async () => {
  const page = await openTerminal(stage)
  await runInTerminal(page, 'seq 3; echo sha""red')
  await showsInTerminal(page, /^shared$/mu)
  const beside = await stage.openBeside(page, new URL(page.url()).pathname)
  await showsInTerminal(beside, /^shared$/mu)
  await typeInTerminal(beside, 'echo both')
  await showsInTerminal(page, /echo both$/u)
  await expect.poll(async () => (await terminalText(beside)) === (await terminalText(page))).toBe(true)
})

test('programs learn of the new size when the window changes', async () => {
  const page = await openTerminal(stage)
  const sizeNow = async (name: string): Promise<readonly number[]> => {
    await runInTerminal(page, `echo ${name}:$(stty size):`)
    await showsInTerminal(page, new RegExp(`^${name}:\\d+ \\d+:`, 'mu'))
    const [, rows, cols] = new RegExp(`^${name}:(\\d+) (\\d+):`, 'mu').exec(await terminalText(page)) ?? []
    return [Number(rows), Number(cols)]
  }
  const [rows = 0, cols = 0] = await sizeNow('large')
  await page.setViewportSize({ width: 1_150, height: 600 })
  await expect.poll(() => page.locator('.xterm-rows > div').count()).toBeLessThan(rows)
  const [fewer = 0, narrower = 0] = await sizeNow('small')
  expect([fewer < rows, narrower < cols]).toEqual([true, true])
})

test('text that has scrolled away is found', async () => {
  const page = await openTerminal(stage)
  await runInTerminal(page, 'seq 2000; echo the e""nd')
  await showsInTerminal(page, /^the end$/mu)
  expect(await terminalText(page)).not.toContain('\n1234\n')
  await page.keyboard.press('Control+Shift+F')
  await page.getByRole('textbox', { name: 'Find in terminal' }).fill('1234')
  await sees(page.getByRole('search'), '1 of 1')
  await showsInTerminal(page, /^1234$/mu)
  await page.keyboard.press('Escape')
  await page.getByRole('search').waitFor({ state: 'hidden' })
})

test('a path in the output opens the file in the editor', async () => {
  await mkdir(inWorkspace('src'), { recursive: true })
  await writeFile(inWorkspace('src/path.ts'), 'one\ntwo\nthree\n')
  const page = await openTerminal(stage)
  await runInTerminal(page, 'clear; echo src/path.ts:2')
  const line = page.locator('.xterm-rows > div').filter({ hasText: /^src\/path\.ts:2/u })
  await line.waitFor()
  // What is drawn lies below the terminal's own layer for the mouse.
  const { x, y } = (await line.boundingBox()) ?? { x: 0, y: 0 }
  await page.mouse.move(x + 40, y + 8)
  await page.locator('.xterm-cursor-pointer').waitFor()
  await page.keyboard.down('ControlOrMeta')
  await page.mouse.click(x + 40, y + 8)
  await page.keyboard.up('ControlOrMeta')
  await page.getByRole('tab', { name: 'path.ts' }).waitFor()
  await sees(page, 'Line 2, column 1')
})

test('Ctrl+C ends a flood at once', async () => {
  const page = await openTerminal(stage)
  await runInTerminal(page, 'yes flooding')
  await showsInTerminal(page, /flooding\nflooding/u)
  await page.keyboard.press('Control+c')
  await showsInTerminal(page, /\^C\n.*[$#]$/u)
  await runInTerminal(page, "clear; echo ca''lm")
  await showsInTerminal(page, /^calm$/mu)
})

test('a program that ends says so, and the shell can be started again', async () => {
  const page = await openTerminal(stage)
  await runInTerminal(page, 'exit 3')
  await sees(page, 'Ended with code 3.')
  await page.getByRole('button', { name: 'Start again' }).click()
  await showsInTerminal(page, /[$#] ?$/u)
})
