import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { type Params, randomId, type Result, type Workspace, type WorkspaceId } from '@octo/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLog } from '../lib/log.ts'
import { useTempFolder } from '../lib/testing/temp-folder.ts'
import { openStore, type Store } from '../store/index.ts'
import { FakeConnection } from '../wire/testing/fake-connection.ts'
import { fakeCaller } from '../wire/testing/fake-caller.ts'
import { createWorkspacesRoom, type WorkspacesRoom } from './index.ts'

const folder = useTempFolder()
let store: Store
let room: WorkspacesRoom
let code: string

beforeEach(async () => {
  code = join(folder(), 'code')
  await mkdir(join(code, '.git'), { recursive: true })
  await open()
})
afterEach(close)

async function open(): Promise<void> {
  store = await openStore({
    path: join(folder(), 'runner.db'),
    log: silentLog,
    onLost: (error) => {
      throw error
    },
  })
  room = await createWorkspacesRoom({ store, log: silentLog })
}

async function close(): Promise<void> {
  await room.close()
  await store.close()
}

function add(input: Params<'workspaces.add'>): Promise<Workspace> {
  return room.methods['workspaces.add'](input, fakeCaller())
}

async function list(connection?: FakeConnection): Promise<Result<'workspaces.list'>['items']> {
  return (await room.methods['workspaces.list']({}, fakeCaller(connection))).items
}

test('a folder becomes a workspace under its real path, and stays one after a restart', async () => {
  await symlink(code, join(folder(), 'link'))
  const added = await add({ path: join(folder(), 'link') })
  expect(added).toMatchObject({ name: 'code', path: code, present: true, git: true })
  await close()
  await open()
  expect(await list()).toEqual([added])
  expect(room.counts?.()).toEqual({ workspaces: 1 })
})

test('one folder is one workspace, however often and by whatever way it is added', async () => {
  await symlink(code, join(folder(), 'link'))
  const ways = [code, `${code}/`, join(folder(), 'link'), `${folder()}/code/../code`]
  const added = await Promise.all(ways.map((path) => add({ path })))
  expect(new Set(added.map((workspace) => workspace.id)).size).toBe(1)
  expect(await list()).toHaveLength(1)
})

test('a new folder is made when that is asked for, and is in no repository', async () => {
  const path = join(folder(), 'new', 'deep')
  await expect(add({ path })).rejects.toMatchObject({ code: 'not_found' })
  expect(await add({ path, create: true, name: 'Fresh' })).toMatchObject({ name: 'Fresh', path, git: false })
})

test.each([
  ['relative/path', 'bad_request'],
  ['~/code', 'bad_request'],
  ['/with\0nul', 'bad_request'],
  ['/proc', 'unsupported'],
  ['/proc/self/fd', 'unsupported'],
  ['/sys/kernel', 'unsupported'],
  ['/dev/shm/..', 'unsupported'],
  ['/etc/hostname', 'not_a_folder'],
  ['/etc/hostname/below', 'not_a_folder'],
  ['/no/such/folder', 'not_found'],
  [`/${'x'.repeat(300)}`, 'bad_request'],
])('%s is refused as a workspace', async (path, refusal) => {
  await expect(add({ path })).rejects.toMatchObject({ code: refusal })
  expect(await list()).toEqual([])
})

test('a folder made over a file is refused', async () => {
  await writeFile(join(folder(), 'file'), '')
  await expect(add({ path: join(folder(), 'file'), create: true })).rejects.toMatchObject({ code: 'not_a_folder' })
})

test('a workspace is renamed for everybody who watches', async () => {
  const { id } = await add({ path: code })
  const watcher = new FakeConnection()
  await list(watcher)
  const renamed = await room.methods['workspaces.rename']({ workspace: id, name: 'Project' }, fakeCaller())
  expect(watcher.notices('workspaces.changed')).toEqual([{ from: 1, seq: 2, items: [renamed] }])
  expect(renamed).toMatchObject({ name: 'Project', path: code })
})

test('a workspace is forgotten after what runs in it has ended; its folder stays', async () => {
  const { id } = await add({ path: code })
  const ended: WorkspaceId[] = []
  room.onRemove(async (workspace) => {
    expect(await store.workspaces()).toHaveLength(1)
    ended.push(workspace)
  })
  await room.methods['workspaces.remove']({ workspace: id }, fakeCaller())
  expect(ended).toEqual([id])
  expect([await list(), await store.workspaces()]).toEqual([[], []])
  await expect(room.resolve(id)).rejects.toMatchObject({ code: 'not_found' })
  expect(await add({ path: code })).not.toMatchObject({ id })
})

test('a workspace whose end fails is not forgotten', async () => {
  const { id } = await add({ path: code })
  room.onRemove(async () => {
    throw new Error('a shell that does not end')
  })
  await expect(room.methods['workspaces.remove']({ workspace: id }, fakeCaller())).rejects.toThrow('does not end')
  expect(await list()).toHaveLength(1)
})

test('a folder that goes is noticed without anybody asking, ends what ran in it, and is noticed when it comes back', async () => {
  const { id } = await add({ path: code })
  const gone: WorkspaceId[] = []
  room.onGone(async (workspace) => void gone.push(workspace))
  const watcher = new FakeConnection()
  await list(watcher)
  const told = (): boolean[] =>
    watcher.notices('workspaces.changed').flatMap(({ items }) => items.map((item) => 'present' in item && item.present))

  await rm(code, { recursive: true })
  await watcher.until(() => told().length === 1)
  expect(told()).toEqual([false])
  await expect(room.resolve(id)).rejects.toMatchObject({ code: 'workspace_gone' })
  expect(gone).toEqual([id])

  await mkdir(code)
  await watcher.until(() => told().length === 2)
  expect(told()).toEqual([false, true])
  expect(await room.resolve(id)).toMatchObject({ present: true, git: false })
})

test('a folder moved away with its parents is noticed at the next use', async () => {
  await mkdir(join(folder(), 'a/b/c'), { recursive: true })
  const { id } = await add({ path: join(folder(), 'a/b/c') })
  await rename(join(folder(), 'a'), join(folder(), 'moved'))
  await expect(room.resolve(id)).rejects.toMatchObject({ code: 'workspace_gone' })
  expect(await list()).toMatchObject([{ id, present: false }])
})

test('a folder that went while the runner was down is shown as gone', async () => {
  await add({ path: code })
  await close()
  await rm(code, { recursive: true })
  await open()
  expect(await list()).toMatchObject([{ present: false }])
})

test('folders are browsed by name, hidden ones on request, files never', async () => {
  const place = join(folder(), 'many')
  for (const name of ['b10', 'b9', 'A', '.hidden', 'project/.git']) await mkdir(join(place, name), { recursive: true })
  await writeFile(join(place, 'file'), '')
  await symlink(join(place, 'A'), join(place, 'to-folder'))
  await symlink(join(place, 'file'), join(place, 'to-file'))
  await symlink(join(place, 'nowhere'), join(place, 'to-nowhere'))
  const browse = room.methods['workspaces.browse']
  expect(await browse({ path: place }, fakeCaller())).toEqual({
    path: place,
    home: homedir(),
    parent: folder(),
    folders: [
      { name: 'A', git: false },
      { name: 'b9', git: false },
      { name: 'b10', git: false },
      { name: 'project', git: true },
      { name: 'to-folder', git: false },
    ],
    truncated: false,
  })
  const all = await browse({ path: place, hidden: true }, fakeCaller())
  expect(all.folders.map((entry) => entry.name)).toContain('.hidden')
  expect((await browse({ path: '/' }, fakeCaller())).parent).toBe(null)
  expect((await browse({}, fakeCaller())).path).toBe(homedir())
})

test('a folder of very many is cut, and says so', async () => {
  const place = join(folder(), 'many')
  await Promise.all(Array.from({ length: 1_001 }, (_, at) => mkdir(join(place, `folder-${at}`), { recursive: true })))
  const { folders, truncated } = await room.methods['workspaces.browse']({ path: place }, fakeCaller())
  expect([folders.length, folders[0]?.name, truncated]).toEqual([1_000, 'folder-0', true])
})

test('who is not there is not found', async () => {
  const workspace = randomId('wsp')
  await expect(room.resolve(workspace)).rejects.toMatchObject({ code: 'not_found' })
  const renaming = room.methods['workspaces.rename']({ workspace, name: 'x' }, fakeCaller())
  await expect(renaming).rejects.toMatchObject({ code: 'not_found' })
})
