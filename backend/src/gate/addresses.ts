/** Where this server may be asked: nothing else is answered, whatever a request says of itself. */
export interface AllowedAddresses {
  /** Values of `Host`, in lower case. */
  readonly hosts: ReadonlySet<string>
  /** Values of `Origin`. */
  readonly origins: ReadonlySet<string>
}

export interface ServerAddress {
  /** What the server listens on. */
  readonly host: string
  readonly port: number
  /** `server.hosts` of the configuration. */
  readonly hosts: readonly string[]
  /** `server.origins` of the configuration. */
  readonly origins: readonly string[]
}

const HTTP_PORT = 80
/** Addresses that mean "every address" when listened on, and nothing in a URL. */
const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::', '[::]'])

/**
 * Lists the exact hosts and origins of a server: loopback and what it listens on, with its port, and what the
 * configuration adds.
 */
export function allowedAddresses({ host, port, hosts, origins }: ServerAddress): AllowedAddresses {
  const names = ['localhost', '127.0.0.1', '[::1]', bracketed(host)].filter((name) => !WILDCARDS.has(name))
  const own = names.flatMap((name) => withPort(name, port))
  const added = hosts.flatMap((name) => (hasPort(name) ? [name] : [name, ...withPort(name, port)]))
  const viaOrigins = origins.map((origin) => new URL(origin).host)
  return {
    hosts: lowered([...own, ...added, ...viaOrigins]),
    origins: lowered([...[...own, ...added].map((name) => `http://${name}`), ...origins]),
  }
}

/** A host as it stands in a URL. */
export function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
}

function withPort(name: string, port: number): string[] {
  // Browsers leave the usual port out.
  return port === HTTP_PORT ? [name, `${name}:${port}`] : [`${name}:${port}`]
}

function hasPort(name: string): boolean {
  return /:\d+$/u.test(name) && (!name.includes('::') || name.includes(']:'))
}

function lowered(values: readonly string[]): ReadonlySet<string> {
  return new Set(values.map((value) => value.toLowerCase()))
}
