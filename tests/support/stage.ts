import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Workspace } from '@octo/protocol'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, expect } from 'vitest'
import { type ModelServer, startModelServer, TEST_MODEL } from '../model-server/index.ts'
import { launchBrowser, type OpenedPage, openPage, type PageOptions } from './browser.ts'
import { type Account, Client, setUp } from './client.ts'
import { type Product, startProduct, temporaryFolder } from './product.ts'

/** Where a test that fails leaves what it saw. */
const RESULTS = join(import.meta.dirname, '../../test-results')

export interface StageOptions {
  /** The text of `config.toml`. */
  readonly config?: string
  /** Leaves out the model provider, for tests that set one up themselves. */
  readonly modelless?: boolean
}

/** The started product with a browser and a scripted model, for all tests of a file. */
export interface Stage {
  /** As it runs now; put the new one here after a restart. */
  product: Product
  readonly model: ModelServer
  readonly account: Account
  /** For what a test needs but is not about. */
  readonly client: Client
  /** A workspace called "garden". */
  readonly workspace: Workspace
  /** Makes one more workspace, a fresh folder of this name. */
  addWorkspace(name: string): Promise<Workspace>
  /** A page of somebody who is logged in, at an address of the product. */
  open(path?: string, options?: PageOptions): Promise<Page>
  /** A page nobody has logged in from. */
  openAnonymous(path?: string, options?: PageOptions): Promise<Page>
  /** Another tab of the same browser. */
  openBeside(page: Page, path?: string): Promise<Page>
  /** Says which messages of the console belong to what this test does, e.g. a refused login. */
  expectErrors(pattern: RegExp): void
}

/** The product before anybody has used it. */
export type EmptyStage = Omit<Stage, 'account' | 'client' | 'workspace' | 'open'> & {
  /** Makes a folder that can become a workspace. */
  folder(name: string): Promise<string>
}

/**
 * Starts the product as the very first time. It ends with the file's tests; each test must leave no error in the
 * console of any page it opened.
 */
export async function openEmptyStage({ config }: StageOptions = {}): Promise<EmptyStage> {
  const home = await temporaryFolder('home')
  if (config !== undefined) await writeFile(join(home.path, 'config.toml'), config)
  const model = await startModelServer()
  const browser = await launchBrowser()
  let opened: OpenedPage[] = []
  let expected: RegExp[] = []

  const watched = (page: OpenedPage): Page => {
    opened.push(page)
    return page.page
  }
  const stage: EmptyStage = {
    product: await startProduct({ home: home.path }),
    model,
    async folder(name) {
      const path = join(home.path, name)
      await mkdir(path, { recursive: true })
      return path
    },
    async addWorkspace() {
      throw new Error('nobody has an account yet')
    },
    async openAnonymous(path = '/', options = {}) {
      const page = watched(await openPage(browser, options))
      await page.goto(new URL(path, stage.product.url).href)
      return page
    },
    async openBeside(page, path = '/') {
      const beside = watched(await openPage(page.context()))
      await beside.goto(new URL(path, stage.product.url).href)
      return beside
    },
    expectErrors: (pattern) => expected.push(pattern),
  }

  afterEach(async ({ task }) => {
    const [pages, harmless] = [opened, expected]
    opened = []
    expected = []
    const errors = pages.flatMap((page) => page.errors).filter((text) => !harmless.some((known) => known.test(text)))
    const failed = task.result?.state === 'fail' || errors.length > 0
    if (failed) await keepEvidence(task.name, { pages, log: stage.product.log(), errors })
    await Promise.all([...new Set(pages.map(({ context }) => context))].map((context) => context.close()))
    expect(errors, 'errors in the console').toEqual([])
  })
  afterAll(async () => {
    await browser.close()
    await stage.product.stop()
    await model.close()
    await home.remove()
  })
  return stage
}

/** Starts the product with an account, a workspace and the scripted model. */
export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const empty = await openEmptyStage(options)
  const account = await setUp(empty.product)
  const client = await Client.connect(account)
  afterAll(() => client.close())
  const addWorkspace = async (name: string): Promise<Workspace> =>
    client.call('workspaces.add', { path: await empty.folder(name) })
  if (options.modelless !== true) await addTestModel(client, empty.model)
  return Object.assign(empty, {
    account,
    client,
    workspace: await addWorkspace('garden'),
    addWorkspace,
    async open(path = '/', pageOptions: PageOptions = {}) {
      return empty.openAnonymous(path, { ...pageOptions, account })
    },
  })
}

/** Offers the scripted model to all agents. */
export async function addTestModel(client: Client, { url }: ModelServer, key = 'good-key'): Promise<void> {
  const model = { provider: 'lab', id: TEST_MODEL, name: 'Test model', images: true, reasoning: true }
  await client.call('models.save', {
    provider: 'lab',
    kind: 'openai-compatible',
    title: 'Lab',
    address: url,
    key,
    models: [model],
  })
}

interface Evidence {
  readonly pages: readonly OpenedPage[]
  readonly log: string
  readonly errors: readonly string[]
}

async function keepEvidence(test: string, { pages, log, errors }: Evidence): Promise<void> {
  const folder = join(RESULTS, test.replaceAll(/[^\w]+/gu, '-').slice(0, 80))
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'octo.log'), log)
  if (errors.length > 0) await writeFile(join(folder, 'console.txt'), errors.join('\n'))
  await Promise.all(
    pages.map(async ({ page }, at) => {
      if (!page.isClosed()) await page.screenshot({ path: join(folder, `page-${at + 1}.png`) })
    }),
  )
}
