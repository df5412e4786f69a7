import { z } from 'zod'
import * as accounts from './accounts.ts'
import * as admin from './admin.ts'
import * as agents from './agents.ts'
import * as blobs from './blobs.ts'
import { rooms } from './catalog.ts'
import type { AnyMethod, Notification, Role, Route, Side } from './define.ts'
import * as envelope from './envelope.ts'
import { errorCodes, OctoError } from './errors.ts'
import * as files from './files.ts'
import * as ids from './ids.ts'
import * as items from './items.ts'
import { PROTOCOL_VERSION } from './limits.ts'
import * as lists from './lists.ts'
import * as models from './models.ts'
import * as sessions from './sessions.ts'
import * as system from './system.ts'
import * as terminals from './terminals.ts'
import * as workspaces from './workspaces.ts'

/** A JSON Schema; its references point to {@link ProtocolDescription.$defs}. */
export type JsonSchema = Readonly<Record<string, unknown>>

export interface MethodDescription {
  readonly name: string
  readonly about: string
  readonly kind: 'query' | 'command'
  readonly side: Side
  readonly role: Role
  /** Set where the input's `stream` opens a stream of binary frames. */
  readonly attaches?: true
  readonly input: JsonSchema
  readonly output: JsonSchema
}

export interface NotificationDescription {
  readonly name: string
  readonly about: string
  readonly side: Side
  readonly params: JsonSchema
}

export interface RouteDescription {
  readonly method: string
  readonly path: string
  readonly about: string
  readonly side: Side
  readonly role: Role
  readonly query?: JsonSchema
  readonly input?: JsonSchema
  readonly output?: JsonSchema
}

export interface ErrorDescription {
  readonly code: string
  readonly status: number
  readonly retryable: boolean
}

/** The whole protocol as data: for the reference, for `GET /api/protocol`, for clients in other languages. */
export interface ProtocolDescription {
  readonly version: number
  readonly methods: readonly MethodDescription[]
  readonly notifications: readonly NotificationDescription[]
  readonly routes: readonly RouteDescription[]
  readonly errors: readonly ErrorDescription[]
  readonly $defs: Readonly<Record<string, JsonSchema>>
}

/** Describes every method, notification, route and error code; schemas that have a name here keep it. */
export function describeProtocol(): ProtocolDescription {
  const schemas = new Schemas()
  return {
    version: PROTOCOL_VERSION,
    methods: rooms.flatMap((room) =>
      Object.entries(room.methods as Record<string, AnyMethod>).map(([name, method]) => ({
        name,
        about: method.about,
        kind: method.kind,
        side: room.side,
        role: method.role ?? room.role,
        ...(method.attaches && { attaches: method.attaches }),
        input: schemas.describe(method.input, 'input'),
        output: schemas.describe(method.output, 'output'),
      })),
    ),
    notifications: rooms.flatMap((room) =>
      Object.entries(room.notifications as Record<string, Notification<z.ZodType>>).map(
        ([name, { about, params }]) => ({
          name,
          about,
          side: room.side,
          params: schemas.describe(params, 'output'),
        }),
      ),
    ),
    routes: rooms.flatMap((room) => room.routes.map((route) => describeRoute(route, schemas))),
    errors: errorCodes.map((code) => {
      const { status, retryable } = new OctoError(code, '')
      return { code, status, retryable }
    }),
    $defs: schemas.named,
  }
}

function describeRoute({ query, input, output, ...facts }: Route, schemas: Schemas): RouteDescription {
  return {
    ...facts,
    ...(query && { query: schemas.describe(query, 'input') }),
    ...(input && { input: schemas.describe(input, 'input') }),
    ...(output && { output: schemas.describe(output, 'output') }),
  }
}

/** Turns schemas into JSON Schema; those that modules export stand once in `$defs`, under their name. */
class Schemas {
  readonly #defs = new Map<string, JsonSchema>()
  readonly #registry = namedSchemas()

  get named(): Record<string, JsonSchema> {
    return Object.fromEntries([...this.#defs].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  }

  describe(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const {
      $schema: _,
      $defs,
      ...described
    } = z.toJSONSchema(schema, {
      io,
      metadata: this.#registry,
      unrepresentable: 'any',
      override: ({ jsonSchema }) => {
        // Answers may have more members than are known here; a client ignores them.
        if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
        delete jsonSchema.id
      },
    })
    for (const [name, definition] of Object.entries($defs ?? {})) this.#define(name, definition)
    return described
  }

  #define(name: string, definition: JsonSchema): void {
    const known = this.#defs.get(name)
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(definition)) {
      throw new Error(`${name} reads differently as input and as output; give the two forms names of their own.`)
    }
    this.#defs.set(name, definition)
  }
}

function namedSchemas(): z.core.$ZodRegistry<{ id: string }> {
  const registry = z.registry<{ id: string }>()
  const modules = [
    accounts,
    admin,
    agents,
    blobs,
    envelope,
    files,
    ids,
    items,
    lists,
    models,
    sessions,
    system,
    terminals,
  ]
  for (const [name, value] of [...modules, workspaces].flatMap((module) => Object.entries(module))) {
    if (value instanceof z.ZodType && !registry.has(value)) registry.add(value, { id: name })
  }
  return registry
}
