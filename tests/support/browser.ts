import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import type { Account } from './client.ts'

/** Everything here answers within a second; a machine that does ten other things needs longer. */
const PATIENCE_MS = 20_000

/** Debian's Chromium; as root it needs to go without its sandbox, and nothing here may reach out. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Terminals then draw text, which can be read, instead of a picture.
      '--disable-3d-apis',
    ],
  })
}

export const DESKTOP = { width: 1_440, height: 900 } as const
export const PHONE = { width: 390, height: 844 } as const

export interface PageOptions {
  readonly size?: { readonly width: number; readonly height: number }
  readonly dark?: boolean
  /** A finger instead of a mouse. */
  readonly touch?: boolean
  /** Who is logged in; nobody if left out. */
  readonly account?: Account
}

export interface OpenedPage {
  readonly page: Page
  readonly context: BrowserContext
  /** Exceptions and errors in the console, for the test to look at. */
  readonly errors: string[]
}

/** A page in a context of its own (no cookies, no drafts), or one more page of a context there is. */
export async function openPage(where: Browser | BrowserContext, options: PageOptions = {}): Promise<OpenedPage> {
  const context = 'newContext' in where ? await newContext(where, options) : where
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`)
  })
  return { page, context, errors }
}

async function newContext(browser: Browser, options: PageOptions): Promise<BrowserContext> {
  const { account, size = DESKTOP, dark = false, touch = false } = options
  const context = await browser.newContext({
    viewport: size,
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
    hasTouch: touch,
    isMobile: touch,
  })
  context.setDefaultTimeout(PATIENCE_MS)
  if (account !== undefined) await context.addCookies(cookiesOf(account))
  return context
}

function cookiesOf({ url, cookie }: Account): { name: string; value: string; url: string }[] {
  return cookie.split('; ').map((pair) => {
    const at = pair.indexOf('=')
    return { name: pair.slice(0, at), value: pair.slice(at + 1), url }
  })
}
