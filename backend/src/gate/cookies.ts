/** The cookies that keep a login. Over HTTPS their names begin with `__Host-`, so that no other site can set them. */
export interface Cookies {
  readonly access: string | undefined
  readonly refresh: string | undefined
}

const ACCESS = 'octo_access'
const REFRESH = 'octo_refresh'
const HOST_PREFIX = '__Host-'

/** Over plain HTTP the refresh cookie goes only where it is used; a `__Host-` cookie has to go everywhere. */
const REFRESH_PATH = '/api/accounts'

/** Reads our cookies from a request; of doubled names the first counts, and the protected name before the other. */
export function readCookies(header: string | undefined): Cookies {
  const values = new Map<string, string>()
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=')
    const name = pair.slice(0, Math.max(at, 0)).trim()
    if (at > 0 && !values.has(name)) values.set(name, pair.slice(at + 1).trim())
  }
  const read = (name: string): string | undefined => values.get(HOST_PREFIX + name) ?? values.get(name)
  return { access: read(ACCESS), refresh: read(REFRESH) }
}

export interface LoginCookies {
  readonly accessToken: string
  readonly accessSeconds: number
  readonly refreshToken: string
  readonly refreshSeconds: number
}

/** The `Set-Cookie` values of a login. @param secure whether the browser came over HTTPS */
export function loginCookies(login: LoginCookies, secure: boolean): string[] {
  return [
    cookie(ACCESS, { value: login.accessToken, seconds: login.accessSeconds, path: '/', secure }),
    cookie(REFRESH, { value: login.refreshToken, seconds: login.refreshSeconds, path: REFRESH_PATH, secure }),
  ]
}

/** The `Set-Cookie` values that take a login away, however it was set. */
export function clearedCookies(secure: boolean): string[] {
  return [
    cookie(ACCESS, { value: '', seconds: 0, path: '/', secure }),
    cookie(REFRESH, { value: '', seconds: 0, path: REFRESH_PATH, secure }),
  ]
}

interface CookieFacts {
  readonly value: string
  readonly seconds: number
  readonly path: string
  readonly secure: boolean
}

function cookie(name: string, { value, seconds, path, secure }: CookieFacts): string {
  const [fullName, fullPath, flag] = secure ? [HOST_PREFIX + name, '/', '; Secure'] : [name, path, '']
  return `${fullName}=${value}; Path=${fullPath}; Max-Age=${seconds}; HttpOnly; SameSite=Strict${flag}`
}
