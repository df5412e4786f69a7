// npm run screenshots: the main views with real content, light and dark, on a desktop and a phone, to look at.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { type ModelServer, startModelServer } from '../model-server/index.ts'
import { DESKTOP, launchBrowser, openPage, PHONE } from '../support/browser.ts'
import { type Account, Client, setUp } from '../support/client.ts'
import { startProduct, temporaryFolder } from '../support/product.ts'
import { addTestModel } from '../support/stage.ts'
import { prompt, runInTerminal, sees, seesRest, transcript } from './steps.ts'

const SCREENS = join(import.meta.dirname, '../../test-results/screens')

const LOOKS = [
  { name: 'desktop-light', options: { size: DESKTOP } },
  { name: 'desktop-dark', options: { size: DESKTOP, dark: true } },
  { name: 'phone-light', options: { size: PHONE, touch: true } },
  { name: 'phone-dark', options: { size: PHONE, touch: true, dark: true } },
] as const

const SOURCE = `import { water } from './water.ts'

/** Waters every bed that is dry; returns how many were. */
export async function tend(beds: readonly Bed[]): Promise<number> {
  const dry = beds.filter(({ moisture }) => moisture < 0.3)
  for (const bed of dry) await water(bed, { litres: 5 })
  return dry.length
}
`

const ANSWER = `## What was done

The **watering** now skips beds that are wet. Three things to know:

1. \`tend()\` returns how many beds were dry
2. The limit is \`0.3\`, as in \`tend.ts:5\`
3. Nothing else changed

| Bed | Before | After |
| --- | ---: | ---: |
| roses | 12 l | 5 l |
| beans | 8 l | 0 l |

\`\`\`ts
const dry = beds.filter(({ moisture }) => moisture < 0.3)
\`\`\`

> The cat was not asked.`

const home = await temporaryFolder('screens')
const model: ModelServer = await startModelServer()
const product = await startProduct({ home: home.path })
const browser = await launchBrowser()
await rm(SCREENS, { recursive: true, force: true })
await mkdir(SCREENS, { recursive: true })
try {
  await takeSetup()
  const account = await setUp(product)
  const workspace = await makeContent(account)
  for (const { name, options } of LOOKS) await takeAll(name, { ...options, account }, workspace)
} finally {
  await browser.close()
  await product.stop()
  await model.close()
  await home.remove()
}

async function takeSetup(): Promise<void> {
  for (const { name, options } of LOOKS) {
    const { page, context } = await openPage(browser, options)
    await page.goto(product.setupUrl)
    await page.getByRole('button', { name: 'Create account' }).waitFor()
    await page.screenshot({ path: join(SCREENS, `${name}-setup.png`) })
    await context.close()
  }
}

interface Content {
  readonly workspace: string
  readonly session: string
  readonly terminal: string
}

/** A workspace with files, a session that did everything a session does, and a terminal in use. */
async function makeContent(account: Account): Promise<Content> {
  const folder = join(home.path, 'garden')
  await mkdir(join(folder, 'src', 'beds'), { recursive: true })
  await writeFile(join(folder, 'src', 'tend.ts'), SOURCE)
  await writeFile(join(folder, 'src', 'water.ts'), 'export async function water(): Promise<void> {}\n')
  await writeFile(join(folder, 'README.md'), '# Garden\n\nWhat grows where.\n')
  const client = await Client.connect(account)
  const workspace = await client.call('workspaces.add', { path: folder })
  const start = `/new/${workspace.id}`
  const { page, context } = await openPage(browser, { account })
  await page.goto(new URL(start, product.url).href)
  await page.getByRole('button', { name: 'Use the demo model' }).waitFor()
  await page.screenshot({ path: join(SCREENS, 'desktop-light-no-model.png') })
  await addTestModel(client, model)
  for (const text of ['Which bed needs the most water?', 'Plan the winter']) {
    await page.goto(new URL(start, product.url).href)
    await prompt(page, text)
    await sees(transcript(page), 'You said')
    await seesRest(page)
  }
  await page.goto(new URL(start, product.url).href)
  await prompt(page, `#think #write notes.md #edit notes.md #bash "ls -la --color=always src; seq 3"`)
  await sees(transcript(page), 'The tools said')
  await seesRest(page)
  await prompt(page, ANSWER)
  await sees(transcript(page), 'You said: ## What was done')
  await seesRest(page)
  const session = new URL(page.url()).pathname
  await page.getByRole('tab', { name: 'Terminals' }).click()
  await page.getByRole('button', { name: 'New terminal' }).first().click()
  await sees(page.locator('.xterm-rows'), /[$#] ?$/u)
  await runInTerminal(page, 'ls -la --color=always; git --version; seq 5')
  await sees(page.locator('.xterm-rows'), /^5$/u)
  const terminal = new URL(page.url()).pathname
  await context.close()
  await client.close()
  return { workspace: workspace.id, session, terminal }
}

async function takeAll(look: string, options: Parameters<typeof openPage>[1], content: Content): Promise<void> {
  const { page, context } = await openPage(browser, options)
  const phone = look.startsWith('phone')
  const go = (path: string): Promise<unknown> => page.goto(new URL(path, product.url).href)
  const take = async (name: string): Promise<void> => {
    await page.screenshot({ path: join(SCREENS, `${look}-${name}.png`) })
  }
  await go(content.session)
  await sees(transcript(page), 'The cat was not asked.')
  await take('session')
  await transcript(page).evaluate((element) => element.scrollTo({ top: 0 }))
  await openTools(page)
  await take('session-tools')
  await go(`/new/${content.workspace}`)
  await sees(page, 'What should be done in')
  await take('new')
  await page.keyboard.press('ControlOrMeta+k')
  await page.getByRole('dialog', { name: 'Search everything' }).waitFor()
  await take('palette')
  await page.keyboard.press('Escape')
  await go(`/file/${content.workspace}/src/tend.ts`)
  if (phone) await page.getByRole('textbox', { name: 'tend.ts' }).waitFor()
  else {
    await page.getByRole('tab', { name: 'Files' }).click()
    await sees(page.locator('.view-lines'), /tend/u)
  }
  await take('file')
  await go(content.terminal)
  await sees(page.locator('.xterm-rows'), /^5$/u)
  await take('terminal')
  for (const name of ['appearance', 'models', 'agents', 'account']) {
    await go(`/settings/${name}`)
    await page.getByRole('main').getByRole('heading').first().waitFor()
    await take(`settings-${name}`)
  }
  if (phone) {
    for (const name of ['Sessions', 'Changes', 'Files', 'Terminal', 'Inbox']) {
      await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name, exact: true }).tap()
      await take(`screen-${name.toLowerCase()}`)
    }
  }
  await context.close()
}

async function openTools(page: Page): Promise<void> {
  for (const name of [/^Thought/u, /^Edited notes\.md/u, /^Ran ls/u]) {
    const line = transcript(page).getByRole('button', { name }).last()
    if (await line.isVisible()) await line.click()
  }
}
