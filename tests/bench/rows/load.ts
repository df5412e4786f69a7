import type { Page } from 'playwright-core'
import { launchBrowser, openPage } from '../../support/browser.ts'
import { median, type Row, row, timed } from '../measure.ts'
import { openWorkbench } from '../workbench.ts'

const KIBIBYTE = 1_024
const ROUNDS = 5

/** The first load of the workbench with nothing in the browser's cache: bytes on the wire, and time until usable. */
export async function load(): Promise<Row[]> {
  const workbench = await openWorkbench()
  const { account } = workbench
  const browser = await launchBrowser()
  const bytes: number[] = []
  const times: number[] = []
  const floor: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const { page, context } = await openPage(browser)
    floor.push(await timed(() => page.goto(new URL('/api/health', account.url).href)))
    await context.addCookies(
      account.cookie.split('; ').map((pair) => {
        const [name = '', value = ''] = pair.split('=', 2)
        return { name, value, url: account.url }
      }),
    )
    const counter = await countBytes(page)
    times.push(
      await timed(async () => {
        await page.goto(account.url, { waitUntil: 'commit' })
        await page.getByRole('navigation').first().waitFor()
      }),
    )
    await page.waitForLoadState('networkidle')
    bytes.push(counter())
    await context.close()
  }
  await browser.close()
  await workbench.close()
  return [
    row('first load on the wire', 'KiB', { value: median(bytes) / KIBIBYTE }, { atMost: 220 }),
    row('first load until usable', 'ms', { value: median(times), floor: median(floor) }, { atMost: 500 }),
  ]
}

/** Counts what the network brings, headers and compression included. */
async function countBytes(page: Page): Promise<() => number> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.setCacheDisabled', { cacheDisabled: true })
  let sum = 0
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    sum += encodedDataLength
  })
  return () => sum
}
