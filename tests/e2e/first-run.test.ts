import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openEmptyStage } from '../support/stage.ts'
import { prompt, sees, transcript } from './steps.ts'

const stage = await openEmptyStage()

test('from the first address to a program that was written and run', async () => {
  const folder = await stage.folder('first-project')
  const page = await stage.openAnonymous(stage.product.setupUrl)
  await page.getByLabel('User name').fill('ada')
  await page.getByLabel('Password').fill('correct horse battery')
  await page.getByRole('button', { name: 'Create account' }).click()

  await page.getByRole('heading', { name: 'Where do you want to work?' }).waitFor()
  await page.getByRole('button', { name: 'first-project' }).click()
  await sees(page, folder)
  await page.getByRole('button', { name: 'Work in this folder' }).click()

  await page.getByRole('button', { name: 'Use the demo model' }).click()
  await prompt(page, 'Write and run a small program')
  await sees(transcript(page), '10 primes')
  expect(await readFile(join(folder, 'primes.sh'), 'utf8')).toContain('#!/bin/sh')
})
