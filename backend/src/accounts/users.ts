import { OctoError, randomId, type User, type UserId } from '@octo/protocol'
import type { ReadTables, Tables, WriteTables } from '../db/index.ts'

export type StoredUser = Tables['users']

export interface NewUser {
  readonly name: string
  readonly role: User['role']
  readonly passwordHash: string
}

/** @throws OctoError `exists` if the name is taken */
export async function insertUser(tables: WriteTables, { name, role, passwordHash }: NewUser): Promise<User> {
  if ((await findUser(tables, name)) !== undefined) {
    throw new OctoError('exists', `There is a user called ${name} already: choose another name.`)
  }
  const row: StoredUser = {
    id: randomId('usr'),
    name,
    role,
    password_hash: passwordHash,
    created_at: Date.now(),
  }
  await tables.insertInto('users').values(row).execute()
  return toUser(row)
}

export function findUser(tables: ReadTables, name: string): Promise<StoredUser | undefined> {
  return tables.selectFrom('users').selectAll().where('name', '=', name).executeTakeFirst()
}

export function userById(tables: ReadTables, id: UserId): Promise<StoredUser | undefined> {
  return tables.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function countUsers(tables: ReadTables): Promise<number> {
  const row = await tables
    .selectFrom('users')
    .select((select) => select.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return row.count
}

/** The admin who came first; with the child launcher the one whose runner is started with the server. */
export function firstAdmin(tables: ReadTables): Promise<StoredUser | undefined> {
  return tables
    .selectFrom('users')
    .selectAll()
    .where('role', '=', 'admin')
    .orderBy('created_at')
    .limit(1)
    .executeTakeFirst()
}

/** What others may know of a user. */
export function toUser(row: Omit<StoredUser, 'password_hash'>): User {
  return { id: row.id, name: row.name, role: row.role, createdAt: row.created_at }
}
