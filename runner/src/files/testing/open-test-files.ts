import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Input,
  type MethodName,
  OctoError,
  randomId,
  type Result,
  type Workspace,
  type WorkspaceId,
} from '@octo/protocol'
import { openHome } from '../../lib/home.ts'
import { silentLog } from '../../lib/log.ts'
import type { Connection } from '../../wire/room.ts'
import { fakeCaller } from '../../wire/testing/fake-caller.ts'
import { createFilesRoom } from '../index.ts'
import type { FilesRoom } from '../room.ts'

type FilesMethod = Extract<MethodName, `files.${string}`>

export interface TestFiles {
  readonly room: FilesRoom
  readonly workspace: WorkspaceId
  /** The folder of the workspace. */
  readonly root: string
  /** A folder beside it, where nothing may be read or written. */
  readonly outside: string
  readonly trash: string
  /** Calls a method on the workspace, as the wire would. */
  call<Name extends FilesMethod>(
    name: Name,
    input: Omit<Input<Name>, 'workspace'>,
    connection?: Connection,
  ): Promise<Result<Name>>
}

/** The files room on a real workspace inside `folder`. @param root where the workspace is, if not there */
export async function openTestFiles(folder: string, root = join(folder, 'work')): Promise<TestFiles> {
  const outside = join(folder, 'outside')
  await mkdir(root, { recursive: true })
  await mkdir(outside)
  const home = await openHome(join(folder, 'home'))
  const workspace: WorkspaceId = randomId('wsp')
  const known: Workspace = {
    id: workspace,
    name: 'work',
    path: root,
    present: true,
    git: false,
    createdAt: 0,
    updatedAt: 0,
  }
  const workspaces = {
    async resolve(id: WorkspaceId): Promise<Workspace> {
      if (id !== workspace) throw new OctoError('not_found', 'There is no such workspace.')
      return known
    },
  }
  const room = await createFilesRoom({ log: silentLog, home, workspaces })
  return {
    room,
    workspace,
    root,
    outside,
    trash: home.trash,
    call: <Name extends FilesMethod>(name: Name, input: Omit<Input<Name>, 'workspace'>, connection?: Connection) => {
      // One table of handlers, each for its own input: TypeScript cannot pair them by a name it does not know.
      const handler = room.methods[name] as unknown as (asked: object, caller: unknown) => Promise<Result<Name>>
      return handler({ workspace, ...input }, fakeCaller(connection))
    },
  }
}
