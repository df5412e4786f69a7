import type { Config } from '@octo/protocol'

/** The names and origins a server may be asked under; everything else is somebody's attempt to borrow a browser. */
export interface Addresses {
  /** Values of the Host header. */
  readonly hosts: ReadonlySet<string>
  /** Values of the Origin header. */
  readonly origins: ReadonlySet<string>
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'] as const

/**
 * Lists what may be in Host and Origin, exactly. They are listed apart: that both agree proves nothing, since a page of
 * an attacker sends its own name in both.
 */
export function allowedAddresses(config: Config['server'], port: number): Addresses {
  const bound = config.host.includes(':') ? `[${config.host}]` : config.host
  const named = [...LOOPBACK, bound].flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]))
  const ofOrigins = config.origins.map((origin) => new URL(origin).host)
  return {
    hosts: new Set([...named, ...config.hosts, ...ofOrigins].map((name) => name.toLowerCase())),
    origins: new Set([...named.map((name) => new URL(`http://${name}`).origin), ...config.origins]),
  }
}
