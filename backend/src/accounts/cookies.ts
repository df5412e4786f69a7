import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { ACCESS_SECONDS } from './access-token.ts'

/** Browsers keep a cookie for 400 days at most; the login's own row ends far earlier. */
const REFRESH_SECONDS = 400 * 86_400

interface Names {
  readonly access: string
  readonly refresh: string
}

/** Under HTTPS the names bind the cookies to exactly this host. */
function names(secure: boolean): Names {
  return secure
    ? { access: '__Host-octo_access', refresh: '__Host-octo_refresh' }
    : { access: 'octo_access', refresh: 'octo_refresh' }
}

export function writeCookies(context: Context, tokens: { readonly access: string; readonly refresh: string }): void {
  const secure = isSecure(context)
  const cookie = { httpOnly: true, sameSite: 'Strict', path: '/', secure } as const
  setCookie(context, names(secure).access, tokens.access, { ...cookie, maxAge: ACCESS_SECONDS })
  setCookie(context, names(secure).refresh, tokens.refresh, { ...cookie, maxAge: REFRESH_SECONDS })
}

export function clearCookies(context: Context): void {
  const secure = isSecure(context)
  for (const name of Object.values(names(secure)) as string[]) {
    setCookie(context, name, '', { httpOnly: true, sameSite: 'Strict', path: '/', secure, maxAge: 0 })
  }
}

export function readRefreshCookie(context: Context): string | undefined {
  return getCookie(context, names(isSecure(context)).refresh)
}

/** Finds the access token in a Cookie header, under either name. */
export function accessCookie(header: string | undefined): string | null {
  return /(?:^|;\s*)(?:__Host-)?octo_access=([\w.-]+)/u.exec(header ?? '')?.[1] ?? null
}

/** The origin is one of ours by the time this is asked; behind a proxy it is what tells of TLS. */
function isSecure(context: Context): boolean {
  return context.req.header('origin')?.startsWith('https://') ?? false
}
