import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'
import { editorText, openFile, sees, seesNoMore, typeInEditor } from './steps.ts'

const stage = await openStage({ modelless: true })
const onDisk = (name: string): string => join(stage.workspace.path, name)
const read = (name: string): Promise<string> => readFile(onDisk(name), 'utf8')

async function openTree(): Promise<{ readonly page: Page; readonly tree: Locator }> {
  const page = await stage.open(`/new/${stage.workspace.id}`)
  await page.getByRole('tab', { name: 'Files' }).click()
  const tree = page.getByRole('tree', { name: 'Files' })
  await tree.waitFor()
  return { page, tree }
}

function entry(tree: Locator, name: string): Locator {
  return tree.getByRole('treeitem', { name, exact: true })
}

/** Opens a file of this content in the editor. */
async function openNewFile(name: string, text: string): Promise<Page> {
  await writeFile(onDisk(name), text)
  const page = await stage.open()
  await openFile(stage, page, name)
  await expect.poll(() => editorText(page)).toBe(text.trimEnd())
  return page
}

function seesSaved(page: Page): Promise<void> {
  return page.getByRole('button', { name: 'Save', exact: true }).waitFor({ state: 'hidden' })
}

test('the tree follows what happens in the folder', async () => {
  const { tree } = await openTree()
  await mkdir(onDisk('seeds'))
  await entry(tree, 'seeds').click()
  await writeFile(onDisk('seeds/beans.txt'), 'beans\n')
  await entry(tree, 'beans.txt').waitFor()
  await rm(onDisk('seeds/beans.txt'))
  await entry(tree, 'beans.txt').waitFor({ state: 'hidden' })
})

test('files are made, renamed, deleted and brought back', async () => {
  const { page, tree } = await openTree()
  await page.getByRole('button', { name: 'New file' }).click()
  await tree.getByRole('textbox', { name: 'Name of the new file' }).fill('plan.md')
  await page.keyboard.press('Enter')
  await entry(tree, 'plan.md').click()
  expect(await read('plan.md')).toBe('')

  await tree.focus()
  await page.keyboard.press('F2')
  await tree.getByRole('textbox', { name: 'New name of plan.md' }).fill('plans.md')
  await page.keyboard.press('Enter')
  await entry(tree, 'plans.md').click()

  await tree.focus()
  await page.keyboard.press('Delete')
  await entry(tree, 'plans.md').waitFor({ state: 'hidden' })
  await expect(stat(onDisk('plans.md'))).rejects.toMatchObject({ code: 'ENOENT' })
  await page.getByRole('button', { name: 'Undo' }).click()
  await entry(tree, 'plans.md').waitFor()
  expect(await read('plans.md')).toBe('')
})

test('a file that is dropped is uploaded, and comes back by a download as it was', async () => {
  const { page, tree } = await openTree()
  const text = 'Dropped bytes ß 🦑\n'.repeat(1_000)
  const transfer = await page.evaluateHandle((content) => {
    const data = new DataTransfer()
    data.items.add(new File([content], 'dropped.txt', { type: 'text/plain' }))
    return data
  }, text)
  for (const event of ['dragenter', 'dragover', 'drop']) await tree.dispatchEvent(event, { dataTransfer: transfer })
  await entry(tree, 'dropped.txt').waitFor()
  await expect.poll(() => read('dropped.txt')).toBe(text)

  await entry(tree, 'dropped.txt').click({ button: 'right' })
  const waiting = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'Download' }).click()
  const download = await waiting
  expect(download.suggestedFilename()).toBe('dropped.txt')
  expect(await readFile(await download.path(), 'utf8')).toBe(text)
})

test('a file is opened from the tree, edited and saved', async () => {
  await writeFile(onDisk('edit-me.txt'), 'before\n')
  const { page, tree } = await openTree()
  await entry(tree, 'edit-me.txt').dblclick()
  await expect.poll(() => editorText(page)).toBe('before')
  await typeInEditor(page, 'and after')
  await page.getByRole('tab', { name: 'edit-me.txt , not saved' }).waitFor()
  await page.keyboard.press('ControlOrMeta+s')
  await seesSaved(page)
  expect(await read('edit-me.txt')).toBe('before\nand after')
})

test('a file that changed underneath can be compared, and the own text merged', async () => {
  const page = await openNewFile('compare.txt', 'common\n')
  await typeInEditor(page, 'mine')
  await writeFile(onDisk('compare.txt'), 'common\ntheirs\n')
  await sees(page, 'This file changed on disk while you were editing it.')
  await page.getByRole('button', { name: 'Compare' }).click()
  await sees(page, 'What is on disk is marked −, yours is marked +.')
  await expect
    .poll(() => page.locator('.monaco-diff-editor .view-lines').allInnerTexts())
    .toEqual([expect.stringContaining('theirs'), expect.stringContaining('mine')])
  await page.getByRole('button', { name: 'Save mine' }).click()
  await seesNoMore(page, 'What is on disk is marked')
  expect(await read('compare.txt')).toBe('common\nmine')
})

test('a file that changed underneath can be taken as it is on disk', async () => {
  const page = await openNewFile('theirs.txt', 'common\n')
  await typeInEditor(page, 'mine')
  await writeFile(onDisk('theirs.txt'), 'theirs alone\n')
  await page.getByRole('button', { name: 'Take theirs' }).click()
  await expect.poll(() => editorText(page)).toBe('theirs alone')
  await seesSaved(page)
  expect(await read('theirs.txt')).toBe('theirs alone\n')
})

test('a file that changed underneath can be written over', async () => {
  const page = await openNewFile('mine.txt', 'common\n')
  await typeInEditor(page, 'mine')
  await writeFile(onDisk('mine.txt'), 'theirs\n')
  await page.getByRole('button', { name: 'Keep mine' }).click()
  await seesNoMore(page, 'This file changed on disk')
  await seesSaved(page)
  expect(await read('mine.txt')).toBe('common\nmine')
})

test('two tabs with one file see what the other saves, and never overwrite it unasked', async () => {
  const page = await openNewFile('both.txt', 'common\n')
  const beside = await stage.openBeside(page)
  await openFile(stage, beside, 'both.txt')
  await expect.poll(() => editorText(beside)).toBe('common')
  await typeInEditor(page, 'first')
  await page.keyboard.press('ControlOrMeta+s')
  await seesSaved(page)
  await expect.poll(() => editorText(beside)).toBe('common\nfirst')

  await typeInEditor(beside, ' and mine')
  await typeInEditor(page, ' and second')
  await page.keyboard.press('ControlOrMeta+s')
  await sees(beside, 'This file changed on disk while you were editing it.')
  await beside.keyboard.press('ControlOrMeta+s')
  expect(await read('both.txt')).toBe('common\nfirst and second')
})

test('unsaved text is there again after a reload', async () => {
  const page = await openNewFile('unsaved.txt', 'saved\n')
  await typeInEditor(page, 'not saved')
  await page.getByRole('tab', { name: 'unsaved.txt , not saved' }).waitFor()
  await page.reload()
  await sees(page, 'What you had not saved here was brought back.')
  await expect.poll(() => editorText(page)).toBe('saved\nnot saved')
  await page.getByRole('button', { name: 'Discard' }).click()
  await expect.poll(() => editorText(page)).toBe('saved')
})

test('closing a tab with unsaved text asks first', async () => {
  const page = await openNewFile('closing.txt', 'saved\n')
  await typeInEditor(page, 'more')
  const tab = page.getByRole('tab', { name: /closing\.txt/u })
  await tab.focus()
  await page.keyboard.press('Delete')
  const dialog = page.getByRole('alertdialog', { name: 'Save closing.txt?' })
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await tab.focus()
  await page.keyboard.press('Delete')
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await tab.waitFor({ state: 'hidden' })
  expect(await read('closing.txt')).toBe('saved\nmore')
})

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
// Its second line tells programs that it is not text.
const PDF = '%PDF-1.4\n%\u00E2\u00E3\u00CF\u00D3\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'

test('images, Markdown, PDFs and binary files are each shown as what they are', async () => {
  await writeFile(onDisk('dot.png'), Buffer.from(PNG, 'base64'))
  await writeFile(onDisk('guide.md'), '# The guide\n\nSee [the dot](dot.png).\n\n![A dot](dot.png)\n')
  await writeFile(onDisk('paper.pdf'), Buffer.from(PDF, 'latin1'))
  await writeFile(onDisk('thing.bin'), Buffer.from([0, 1, 2, 3, 255, 254, 0, 7]))
  const page = await stage.open()
  await openFile(stage, page, 'dot.png')
  await sees(page, '1 × 1')

  await openFile(stage, page, 'guide.md')
  await page.getByRole('radio', { name: 'Preview' }).click()
  const preview = page.getByRole('region', { name: 'Preview' })
  await preview.getByRole('heading', { name: 'The guide' }).waitFor()
  await expect
    .poll(() =>
      preview.getByRole('img', { name: 'A dot' }).evaluate((image) => (image as HTMLImageElement).naturalWidth),
    )
    .toBe(1)

  await openFile(stage, page, 'paper.pdf')
  await page.locator('iframe[title="paper.pdf"]').waitFor()

  await openFile(stage, page, 'thing.bin')
  await sees(page, 'thing.bin is not text')
})

test('a file of 25 MB opens read-only, in parts, and can be searched', async () => {
  const line = 'The quick brown fox jumps over the lazy dog, again and again.\n'
  await writeFile(onDisk('large.log'), `${line.repeat(Math.ceil((25 * 1_048_576) / line.length))}the very end\n`)
  const page = await stage.open()
  await openFile(stage, page, 'large.log')
  await sees(page, /of 2[0-9].* MB, read-only/u)
  await sees(page, 'The quick brown fox')
  await page.getByRole('slider', { name: 'Part of the file' }).press('End')
  await page.getByRole('textbox', { name: /Find/u }).fill('the very end')
  await sees(page, 'the very end')
})

test('a file that is not there says so, and appears when it is made', async () => {
  stage.expectErrors(/status of 404/u)
  const page = await stage.open()
  await openFile(stage, page, 'later.txt')
  await sees(page, 'later.txt is not there')
  await writeFile(onDisk('later.txt'), 'here I am\n')
  await expect.poll(() => editorText(page)).toBe('here I am')
})
