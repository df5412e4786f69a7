import type { IncomingHttpHeaders } from 'node:http'
import { OctoError } from '@octo/protocol'
import type { Addresses } from './addresses.ts'

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD'])

/** Where a browser says a request comes from, if that is not harmless for a request with cookies. */
const FOREIGN_SITES: ReadonlySet<string> = new Set(['cross-site', 'same-site'])

export interface Knock {
  readonly method: string
  readonly headers: IncomingHttpHeaders
  readonly upgrade: boolean
}

/** What may speak for who is asking. */
export type Credentials = { readonly type: 'cookie' } | { readonly type: 'bearer'; readonly token: string }

/**
 * Decides by the headers alone whether a request may come further, and by what it may prove who is asking. This is the
 * first thing that happens to every request and every upgrade.
 *
 * - Host must be one of ours, or else a page that rebinds its name to this machine could read answers.
 * - An Origin must be one of ours, if there is one.
 * - An upgrade, or a request that may change something, needs an Origin for the cookie to count: a browser always sends
 *   one. Without it only a bearer token counts, which no browser adds by itself.
 * - A reading request with the cookie must not come from another site.
 * @throws OctoError `origin_refused`
 */
export function admit(knock: Knock, addresses: Addresses): Credentials {
  const { headers } = knock
  if (!addresses.hosts.has((headers.host ?? '').toLowerCase())) {
    throw new OctoError(
      'origin_refused',
      'octo does not answer under this name. Add it to [server] hosts if it is yours.',
    )
  }
  const { origin } = headers
  if (origin !== undefined && !addresses.origins.has(origin)) {
    throw new OctoError(
      'origin_refused',
      'This page may not use octo. Add its origin to [server] origins if it is yours.',
    )
  }
  const token = bearer(headers.authorization)
  if (token !== null) return { type: 'bearer', token }
  const reading = READING.has(knock.method) && !knock.upgrade
  if (!reading && origin === undefined) {
    throw new OctoError(
      'origin_refused',
      'A request without Origin needs an access token: Authorization: Bearer TOKEN.',
    )
  }
  if (reading && FOREIGN_SITES.has(String(headers['sec-fetch-site']))) {
    throw new OctoError('origin_refused', 'Another site may not read this.')
  }
  return { type: 'cookie' }
}

function bearer(authorization: string | undefined): string | null {
  return /^Bearer ([\w.-]{1,512})$/u.exec(authorization ?? '')?.[1] ?? null
}
