import { type Role, type Route, routes } from '@octo/protocol'
import type { Exchange, UserExchange } from './exchange.ts'

/** What answers a route that anyone may ask. */
export type OpenHandler = (exchange: Exchange) => Promise<void>
/** What answers a route that needs a user. */
export type UserHandler = (exchange: UserExchange) => Promise<void>

/** Handlers by method and path as in the protocol, e.g. `POST /api/accounts/login`. */
export interface RouteHandlers {
  readonly open: Readonly<Record<string, OpenHandler>>
  readonly user: Readonly<Record<string, UserHandler>>
  /** Answers every route of a runner. */
  readonly runner: UserHandler
}

export type Matched =
  | { readonly kind: 'open'; readonly handler: OpenHandler; readonly params: Record<string, string> }
  | {
      readonly kind: 'user'
      readonly handler: UserHandler
      readonly role: Exclude<Role, 'anyone'>
      readonly params: Record<string, string>
    }

interface TableEntry {
  readonly method: string
  readonly pattern: RegExp
  readonly match: (params: Record<string, string>) => Matched
}

/** Answered by the upgrade, not by a request. */
const SOCKET_PATH = '/api/ws/mux'

/** A value in a path is an id or a name: nothing that a later hop could read as another path. */
const PARAM = '(?<$1>[A-Za-z0-9_][A-Za-z0-9_.-]*)'

/**
 * Makes the table of routes from the protocol's own.
 * @returns a function that finds the route of a request; `undefined` if there is none
 * @throws Error if the protocol names a route that nobody answers
 */
export function createRouteTable(handlers: RouteHandlers): (method: string, path: string) => Matched | undefined {
  const entries = routes.filter(({ path }) => path !== SOCKET_PATH).map((route) => toEntry(route, handlers))
  return (method, path) => {
    const asked = method === 'HEAD' ? 'GET' : method
    for (const entry of entries) {
      if (entry.method !== asked) continue
      const found = entry.pattern.exec(path)
      if (found !== null) return entry.match({ ...found.groups })
    }
    return undefined
  }
}

function toEntry(route: Route, handlers: RouteHandlers): TableEntry {
  const pattern = new RegExp(`^${route.path.replaceAll(/:(\w+)/gu, PARAM)}$`, 'u')
  return { method: route.method, pattern, match: matcherOf(route, handlers) }
}

function matcherOf(route: Route, handlers: RouteHandlers): TableEntry['match'] {
  const name = `${route.method} ${route.path}`
  const { role } = route
  if (role === 'anyone') {
    const handler = handlers.open[name]
    if (handler !== undefined) return (params) => ({ kind: 'open', handler, params })
  } else {
    const handler = route.side === 'runner' ? handlers.runner : handlers.user[name]
    if (handler !== undefined) return (params) => ({ kind: 'user', handler, role, params })
  }
  throw new Error(`The protocol has the route ${name}, but nothing answers it.`)
}
