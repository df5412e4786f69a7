import { expect, test } from 'vitest'
import { openStage } from '../support/stage.ts'
import { openNewSession, prompt, sees, transcript } from './steps.ts'

const stage = await openStage({ modelless: true })

test('an own address is tested, its models picked, and then a prompt is answered', async () => {
  const page = await stage.open(`/new/${stage.workspace.id}`)
  await page.getByRole('button', { name: 'Add a provider' }).click()
  await page.getByRole('button', { name: /^Own address/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Add Own address' })
  await dialog.getByLabel('Name').fill('My lab')
  // Without /v1, as people paste it.
  await dialog.getByLabel('Address').fill(stage.model.anthropicUrl)
  await dialog.getByLabel('Key (if it needs one)').fill('good-key')
  await dialog.getByRole('button', { name: 'Test and list models' }).click()
  await dialog.getByRole('checkbox', { name: 'test-model' }).waitFor()
  expect(await dialog.getByRole('checkbox', { name: 'test-model' }).isChecked()).toBe(true)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await sees(page, 'My lab')

  const session = await openNewSession(stage)
  await prompt(session, 'hello there')
  await sees(transcript(session), 'You said: hello there')
  expect(stage.model.requests.at(-1)?.key).toBe('good-key')
})
