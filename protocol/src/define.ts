import type { z } from 'zod'

/** Who answers a method: the backend itself, or the runner of the user, to whom it is forwarded. */
export type Side = 'backend' | 'runner'

/** The least role that may call a method; each includes the ones before it. */
export type Role = 'anyone' | 'viewer' | 'member' | 'admin'

/** A query reads; a command changes something and so carries a command id under which it runs once. */
export interface Method<Kind extends 'query' | 'command', Input extends z.ZodType, Output extends z.ZodType> {
  readonly kind: Kind
  readonly about: string
  readonly input: Input
  readonly output: Output
  /** Overrides the role of the room. */
  readonly role?: Role
  /** Set where `input.stream` opens a binary stream that the backend must route from then on. */
  readonly attaches?: true
}
export type AnyMethod = Method<'query' | 'command', z.ZodType, z.ZodType>

export interface Notification<Params extends z.ZodType> {
  readonly about: string
  readonly params: Params
}

/** An HTTP route beside the calls, for bytes that do not belong in a frame. */
export interface Route {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  readonly path: string
  readonly about: string
  readonly side: Side
  readonly role: Role
  readonly query?: z.ZodType
  readonly input?: z.ZodType
  readonly output?: z.ZodType
}

type Spec<Input extends z.ZodType, Output extends z.ZodType> = Omit<Method<'query', Input, Output>, 'kind'>

export function query<Input extends z.ZodType, Output extends z.ZodType>(
  spec: Spec<Input, Output>,
): Method<'query', Input, Output> {
  return { kind: 'query', ...spec }
}

export function command<Input extends z.ZodType, Output extends z.ZodType>(
  spec: Spec<Input, Output>,
): Method<'command', Input, Output> {
  return { kind: 'command', ...spec }
}

export function notification<Params extends z.ZodType>(spec: Notification<Params>): Notification<Params> {
  return spec
}

type Named<Name extends string, Verbs> = { readonly [Verb in keyof Verbs & string as `${Name}.${Verb}`]: Verbs[Verb] }

export interface RoomSpec<
  Name extends string,
  Methods extends Record<string, AnyMethod>,
  Notifications extends Record<string, Notification<z.ZodType>>,
> {
  readonly name: Name
  readonly side: Side
  readonly role: Role
  readonly methods: Named<Name, Methods>
  readonly notifications: Named<Name, Notifications>
  readonly routes: readonly Route[]
}

/**
 * Declares a room: its methods and notifications get the room's name in front, so each is written once.
 * @param name the plural noun that names the room on every side
 */
export function room<
  Name extends string,
  Methods extends Record<string, AnyMethod>,
  Notifications extends Record<string, Notification<z.ZodType>>,
>(
  name: Name,
  spec: {
    side: Side
    role: Role
    methods: Methods
    notifications: Notifications
    routes?: readonly Route[]
  },
): RoomSpec<Name, Methods, Notifications> {
  return {
    name,
    side: spec.side,
    role: spec.role,
    methods: prefixed(name, spec.methods),
    notifications: prefixed(name, spec.notifications),
    routes: spec.routes ?? [],
  }
}

function prefixed<Name extends string, Verbs extends object>(name: Name, verbs: Verbs): Named<Name, Verbs> {
  const entries = Object.entries(verbs).map(([verb, value]) => [`${name}.${verb}`, value] as const)
  return Object.fromEntries(entries) as Named<Name, Verbs>
}
