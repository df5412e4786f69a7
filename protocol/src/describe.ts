import { z } from 'zod'
import { rooms } from './catalog.ts'
import type { AnyMethod, Notification, Role, Side } from './define.ts'
import { errorCodes } from './errors.ts'
import { PROTOCOL_VERSION } from './limits.ts'

type JsonSchema = Readonly<Record<string, unknown>>

export interface MethodDescription {
  readonly name: string
  readonly kind: 'query' | 'command'
  readonly side: Side
  readonly role: Role
  readonly about: string
  readonly input: JsonSchema
  readonly output: JsonSchema
}

export interface NotificationDescription {
  readonly name: string
  readonly side: Side
  readonly about: string
  readonly params: JsonSchema
}

export interface RouteDescription {
  readonly method: string
  readonly path: string
  readonly side: Side
  readonly role: Role
  readonly about: string
  readonly query?: JsonSchema
  readonly input?: JsonSchema
  readonly output?: JsonSchema
}

export interface ProtocolDescription {
  readonly version: number
  readonly methods: readonly MethodDescription[]
  readonly notifications: readonly NotificationDescription[]
  readonly routes: readonly RouteDescription[]
  readonly errors: readonly string[]
}

let description: ProtocolDescription | null = null

/** The whole protocol as data: what `GET /api/protocol` answers, and what the reference is made from. */
export function describeProtocol(): ProtocolDescription {
  description ??= {
    version: PROTOCOL_VERSION,
    methods: rooms.flatMap((room) =>
      Object.entries<AnyMethod>(room.methods).map(([name, method]) => ({
        name,
        kind: method.kind,
        side: room.side,
        role: method.role ?? room.role,
        about: method.about,
        input: sent(method.input),
        output: received(method.output),
      })),
    ),
    notifications: rooms.flatMap((room) =>
      Object.entries<Notification<z.ZodType>>(room.notifications).map(([name, { about, params }]) => ({
        name,
        side: room.side,
        about,
        params: received(params),
      })),
    ),
    routes: rooms.flatMap((room) =>
      room.routes.map(({ method, path, side, role, about, query, input, output }) => ({
        method,
        path,
        side,
        role,
        about,
        ...(query && { query: sent(query) }),
        ...(input && { input: sent(input) }),
        ...(output && { output: received(output) }),
      })),
    ),
    errors: errorCodes,
  }
  return description
}

/** What a caller may send: defaults may be left out. */
function sent(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
}

/** What a caller gets. */
function received(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' })
}
