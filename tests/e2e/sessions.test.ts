import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'
import {
  composer,
  openNewSession,
  prompt,
  sees,
  seesNoMore,
  seesRest,
  steer,
  timesSaid,
  toolLine,
  transcript,
} from './steps.ts'

const stage = await openStage()
const inWorkspace = (name: string): string => join(stage.workspace.path, name)

test('an answer can be read while it is being written', async () => {
  const page = await openNewSession(stage)
  await prompt(page, 'Take your time #hold 3')
  await stage.model.held()
  stage.model.release(1)
  await sees(transcript(page), 'piece 1')
  expect(await timesSaid(page, 'piece 2')).toBe(0)
  stage.model.release(1)
  await sees(transcript(page), 'piece 1 piece 2')
  stage.model.release(1)
  await sees(transcript(page), 'piece 1 piece 2 piece 3')
  await seesRest(page)
})

test('Markdown is shown as what it means', async () => {
  const page = await openNewSession(stage)
  await prompt(
    page,
    'Here is **strong** and\n\n- one\n- two\n\n```ts\nconst answer = 42\n```\n\n<b onclick="x">raw</b>',
  )
  await sees(transcript(page), 'You said: Here is')
  await seesRest(page)
  const shown = transcript(page)
  expect(await shown.getByRole('strong').allInnerTexts()).toEqual(['strong', 'strong'])
  expect(await shown.getByRole('listitem').allInnerTexts()).toEqual(['one', 'two', 'one', 'two'])
  expect(await shown.locator('b').count()).toBe(0)
  await sees(shown, '<b onclick="x">raw</b>')
})

test('a tool really writes the file, and its difference can be read', async () => {
  const page = await openNewSession(stage)
  await prompt(page, 'Please #write notes.md #edit notes.md')
  await sees(transcript(page), 'The tools said')
  await seesRest(page)
  expect(await readFile(inWorkspace('notes.md'), 'utf8')).toBe('Written by the model.\nAnother line.\n')
  await toolLine(page, /Edited notes\.md.*Done/)
    .last()
    .click()
  await sees(transcript(page), 'Another line.')
  await page.getByRole('tab', { name: 'Changes' }).click()
  await page
    .getByRole('complementary', { name: 'Side panel' })
    .getByRole('button', { name: /^notes\.md/ })
    .click()
  await sees(page.getByRole('complementary', { name: 'Side panel' }), 'Another line.')
})

test('the output of a command is shown while it runs', async () => {
  const page = await openNewSession(stage)
  const command = "printf 'out%s\\n' one; until [ -e go ]; do sleep 0.05; done; printf 'out%s\\n' two"
  await prompt(page, `Run this #bash "${command}"`)
  await toolLine(page, /^Running/).click()
  await sees(transcript(page), 'outone')
  expect(await timesSaid(page, 'outtwo')).toBe(0)
  await writeFile(inWorkspace('go'), '')
  await sees(transcript(page), 'outtwo')
  await toolLine(page, /^Ran .*Done/).waitFor()
})

test('a message sent while the agent works reaches the running turn', async () => {
  const page = await openNewSession(stage)
  await prompt(page, 'Work on it #hold 2')
  await stage.model.held()
  await steer(page, 'and mind the roses')
  await sees(transcript(page), 'Sent while it was working')
  stage.model.release(2)
  await sees(transcript(page), 'You said: and mind the roses')
  await seesRest(page)
  expect(await timesSaid(page, 'piece 1 piece 2')).toBe(1)
})

test('queued prompts can be seen, edited, removed and moved, and run in their order', async () => {
  const page = await openNewSession(stage)
  await prompt(page, 'Begin #hold 1')
  await stage.model.held()
  const queue = page.getByRole('region', { name: 'Queued prompts' })
  for (const text of ['water the roses', 'mow the lawn', 'feed the cat']) await prompt(page, text)
  await queue.getByRole('listitem').nth(2).waitFor()

  await queue.getByRole('listitem').nth(1).getByRole('button', { name: 'Remove from the queue' }).click()
  await seesNoMore(queue, 'mow the lawn')
  await queue.getByRole('listitem').nth(1).getByRole('button', { name: 'Edit' }).click()
  const editor = queue.getByRole('textbox', { name: 'Queued prompt' })
  await editor.fill('feed both cats')
  await editor.press('Enter')
  await sees(queue, 'feed both cats')
  await queue.getByRole('listitem').nth(1).getByRole('button', { name: 'Move up' }).click()
  await sees(queue.getByRole('listitem').first(), 'feed both cats')

  stage.model.release(1)
  await sees(transcript(page), 'You said: water the roses')
  await seesRest(page)
  await queue.waitFor({ state: 'hidden' })
  const said = await transcript(page).innerText()
  expect(said.match(/You said: .*/gu)).toEqual(['You said: feed both cats', 'You said: water the roses'])
})

test('Escape stops the agent in the middle of its answer, and what it had said stays', async () => {
  const page = await openNewSession(stage)
  await prompt(page, 'Tell me a story #hold 9')
  await stage.model.held()
  stage.model.release(1)
  await sees(transcript(page), 'piece 1')
  await prompt(page, 'then another')
  await page.keyboard.press('Escape')
  await sees(transcript(page), 'Stopped.')
  await sees(page, 'The queue waits after the stop.')
  expect(await timesSaid(page, 'piece 1')).toBe(1)

  await page.reload()
  await sees(transcript(page), 'Stopped.')
  expect(await timesSaid(page, 'piece 1')).toBe(1)
  await page.getByRole('button', { name: 'Go on' }).click()
  await sees(transcript(page), 'You said: then another')
  await seesRest(page)
})

test('a provider that is busy twice is asked again until it answers', async () => {
  const page = await openNewSession(stage)
  await prompt(page, 'Patience #429 2')
  await sees(page, /Retrying/iu)
  await sees(transcript(page), 'You said: Patience')
  await seesRest(page)
  expect(stage.model.requests.filter(({ prompt: asked }) => asked.startsWith('Patience'))).toHaveLength(3)
})

test('a refused key says where to mend it, and the prompt can go on afterwards', async () => {
  const page = await openNewSession(stage)
  await prompt(page, 'No entry #401 1')
  await sees(transcript(page), 'The provider refused the key. Check it under Settings, Models.')
  await page.getByRole('button', { name: 'Continue' }).click()
  await sees(transcript(page), 'You said: Go on.')
  await seesRest(page)
})

test('a draft is kept over a reload', async () => {
  const page = await openNewSession(stage)
  await composer(page).fill('half a thought')
  await page.reload()
  await expect.poll(() => composer(page).inputValue()).toBe('half a thought')
})
