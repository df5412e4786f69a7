import type { IncomingMessage } from 'node:http'
import { OctoError } from '@octo/protocol'
import type { AllowedAddresses } from './addresses.ts'
import { type Cookies, readCookies } from './cookies.ts'

/** How a request that was let in says who it is; nothing of it is proved yet. */
export type Claim =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'cookies'; readonly cookies: Cookies }

/** A request as far as the gate decides by it. */
export interface Asking {
  readonly method: string
  readonly upgrade: boolean
  /** Whether it asks for more than the files of the interface, which are everybody's. */
  readonly api: boolean
  readonly host: readonly string[]
  readonly origin: readonly string[]
  readonly site: string | undefined
  readonly authorization: string | undefined
  readonly cookie: string | undefined
}

/** Reads from a request what {@link admit} decides by. */
export function asking(request: IncomingMessage, kind: { readonly upgrade: boolean; readonly api: boolean }): Asking {
  const { headers, headersDistinct, method = '' } = request
  return {
    method,
    ...kind,
    host: headersDistinct.host ?? [],
    origin: headersDistinct['origin'] ?? [],
    site: headersDistinct['sec-fetch-site']?.join(),
    authorization: headers.authorization,
    cookie: headers.cookie,
  }
}

/**
 * Decides whether a request may go on to authentication, and by what it may authenticate. A browser that another site
 * uses against its owner fails here: by a foreign `Host` (a name rebound to this address), a foreign `Origin`, or what it
 * says of the site that asks.
 * @throws OctoError `origin_refused`
 */
export function admit(asked: Asking, allowed: AllowedAddresses): Claim {
  const [host, ...otherHosts] = asked.host
  if (host === undefined || otherHosts.length > 0 || !allowed.hosts.has(host.toLowerCase())) {
    throw refused(
      `octo is not to be asked as ${quote(asked.host)}: if it should be, add that to server.hosts in config.toml.`,
    )
  }
  const [origin, ...otherOrigins] = asked.origin
  if (otherOrigins.length > 0 || (origin !== undefined && !allowed.origins.has(origin))) {
    throw refused(
      `Pages of ${quote(asked.origin)} may not use octo: if they should, add that to server.origins in config.toml.`,
    )
  }
  const token = bearerToken(asked.authorization)
  if (token !== null) return { kind: 'bearer', token }
  if (asked.cookie === undefined) return { kind: 'nobody' }
  if (asked.upgrade || mayChange(asked.method)) {
    // Every browser says whose page it is that changes something; what does not say so is no browser.
    return origin === undefined ? { kind: 'nobody' } : { kind: 'cookies', cookies: readCookies(asked.cookie) }
  }
  if (asked.api && asked.site !== undefined && asked.site !== 'same-origin' && asked.site !== 'none') {
    throw refused('Only pages of octo itself may read from it.')
  }
  return { kind: 'cookies', cookies: readCookies(asked.cookie) }
}

function mayChange(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD'
}

function bearerToken(authorization: string | undefined): string | null {
  return /^Bearer +([\w.~+/=-]+)$/iu.exec(authorization ?? '')?.[1] ?? null
}

function refused(message: string): OctoError {
  return new OctoError('origin_refused', message)
}

/** What a stranger sent, in a form that is harmless in a log. */
function quote(values: readonly string[]): string {
  return JSON.stringify(values.join(', ').slice(0, 100))
}
