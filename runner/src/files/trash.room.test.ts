import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { randomId, type WorkspaceId } from '@octo/protocol'
import { afterEach, expect, test } from 'vitest'
import { silentLog } from '../lib/log.ts'
import { useTempFolder } from '../lib/testing/temp-folder.ts'
import { Root } from './place.ts'
import { type OpenWorkspace, Trash } from './trash.ts'

const folder = useTempFolder()
const DAY = 86_400_000

const roots: Root[] = []

afterEach(async () => {
  for (const root of roots.splice(0)) await root[Symbol.asyncDispose]()
})

async function open(): Promise<{ trash: Trash; workspace: OpenWorkspace; root: string; home: string }> {
  const [root, home] = [join(folder(), 'work'), join(folder(), 'trash')]
  await mkdir(root)
  await mkdir(home)
  const id: WorkspaceId = randomId('wsp')
  const opened = await Root.open(root)
  roots.push(opened)
  return { trash: new Trash(home, silentLog), workspace: { id, path: root, root: opened }, root, home }
}

test('what was deleted goes for good after 30 days, and not before', async () => {
  const { trash, workspace, root, home } = await open()
  await mkdir(join(root, 'src'))
  await writeFile(join(root, 'src/a.txt'), 'a')
  const { trash: id } = await trash.delete(workspace, ['src'])
  await trash.sweep(Date.now() + 29 * DAY)
  expect((await readdir(home)).toSorted()).toEqual([id, `${id}.json`])
  await trash.sweep(Date.now() + 31 * DAY)
  expect(await readdir(home)).toEqual([])
  await expect(trash.restore(workspace, id)).rejects.toMatchObject({ code: 'not_found' })
})

test('deleting a thousand files at once writes one note and is undone in one go', async () => {
  const { trash, workspace, root, home } = await open()
  const names = Array.from({ length: 1_000 }, (_, number) => `f${number}`)
  await Promise.all(names.map((name) => writeFile(join(root, name), name)))
  const { trash: id, deleted } = await trash.delete(workspace, names)
  expect(deleted).toBe(1_000)
  expect(await readdir(root)).toEqual([])
  expect(await readdir(home)).toHaveLength(2)
  expect(await trash.restore(workspace, id)).toEqual(names)
  expect(await readFile(join(root, 'f999'), 'utf8')).toBe('f999')
})

test('after a crash in the middle of a delete, what was taken by then comes back', async () => {
  const { trash, workspace, root, home } = await open()
  await writeFile(join(root, 'taken'), 'taken')
  await writeFile(join(root, 'left'), 'left')
  const { trash: id } = await trash.delete(workspace, ['taken', 'left'])
  // As if the process had ended before the second was moved.
  await writeFile(join(root, 'left'), await readFile(join(home, id, '1')))
  await rm(join(home, id, '1'))
  expect(await trash.restore(workspace, id)).toEqual(['taken'])
  expect((await readdir(root)).toSorted()).toEqual(['left', 'taken'])
})

test('another workspace cannot restore it, and a damaged note is left alone', async () => {
  const { trash, workspace, root, home } = await open()
  await writeFile(join(root, 'a'), 'a')
  const { trash: id } = await trash.delete(workspace, ['a'])
  const otherId: WorkspaceId = randomId('wsp')
  const other = { ...workspace, id: otherId }
  await expect(trash.restore(other, id)).rejects.toMatchObject({ code: 'not_found' })
  await writeFile(join(home, `${id}.json`), '{"version":1,')
  await expect(trash.restore(workspace, id)).rejects.toMatchObject({ code: 'not_found' })
  await trash.sweep(Date.now() + 31 * DAY)
  expect(await readFile(join(home, id, '0'), 'utf8')).toBe('a')
})
