import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

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
    ],
  })
}

export const DESKTOP = { width: 1_440, height: 900 } as const
export const PHONE = { width: 390, height: 844 } as const

/** A page in a context of its own: no cookies, no drafts. Errors of the page are kept for the test to look at. */
export async function openPage(
  browser: Browser,
  options: { readonly size?: { readonly width: number; readonly height: number }; readonly dark?: boolean } = {},
): Promise<{ readonly page: Page; readonly context: BrowserContext; readonly errors: string[] }> {
  const context = await browser.newContext({
    viewport: options.size ?? DESKTOP,
    colorScheme: options.dark === true ? 'dark' : 'light',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  return { page, context, errors }
}
