import type { z } from 'zod'
import { accounts } from './accounts.ts'
import { admin } from './admin.ts'
import { agents } from './agents.ts'
import { blobs } from './blobs.ts'
import type { AnyMethod, Role, Route, Side } from './define.ts'
import { files } from './files.ts'
import { models } from './models.ts'
import { sessions } from './sessions.ts'
import { system } from './system.ts'
import { terminals } from './terminals.ts'
import { workspaces } from './workspaces.ts'

/** Every room there is; adding one here is all that the other sides need to know of it. */
export const rooms = [system, accounts, admin, workspaces, agents, models, sessions, terminals, files, blobs] as const

export const methods = {
  ...system.methods,
  ...accounts.methods,
  ...admin.methods,
  ...workspaces.methods,
  ...agents.methods,
  ...models.methods,
  ...sessions.methods,
  ...terminals.methods,
  ...files.methods,
} as const

export const notifications = {
  ...system.notifications,
  ...workspaces.notifications,
  ...models.notifications,
  ...sessions.notifications,
  ...terminals.notifications,
  ...files.notifications,
} as const

export const routes: readonly Route[] = rooms.flatMap((room) => room.routes)

export type Methods = typeof methods
export type MethodName = keyof Methods
export type CommandName = { [Name in MethodName]: Methods[Name]['kind'] extends 'command' ? Name : never }[MethodName]
export type QueryName = Exclude<MethodName, CommandName>
export type Notifications = typeof notifications
export type NotificationName = keyof Notifications

/** What a caller passes to a method. */
export type Params<Name extends MethodName> = z.input<Methods[Name]['input']>
/** What a handler gets, after parsing. */
export type Input<Name extends MethodName> = z.output<Methods[Name]['input']>
/** What a method answers. */
export type Result<Name extends MethodName> = z.output<Methods[Name]['output']>
/** What a notification brings. */
export type Notice<Name extends NotificationName> = z.output<Notifications[Name]['params']>

export interface MethodFacts {
  readonly name: MethodName
  readonly side: Side
  readonly role: Role
  readonly kind: 'query' | 'command'
  readonly attaches: boolean
}

const facts: ReadonlyMap<string, MethodFacts> = new Map(
  rooms.flatMap((room) =>
    Object.entries(room.methods as Record<string, AnyMethod>).map(([name, method]) => [
      name,
      {
        name: name as MethodName,
        side: room.side,
        role: method.role ?? room.role,
        kind: method.kind,
        attaches: method.attaches ?? false,
      },
    ]),
  ),
)

/** Looks a method up by the name a client sent; `undefined` if there is none. */
export function methodFacts(name: string): MethodFacts | undefined {
  return facts.get(name)
}
