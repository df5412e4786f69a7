import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openHome } from './home.ts'
import { testFolder } from './testing/folder.ts'

describe('the home folder', () => {
  test('is made with the folders above it, for its owner alone', async () => {
    await using folder = await testFolder()
    const home = openHome(join(folder.path, 'new', 'home'))
    const folders = [home.root, home.backend, home.run, home.runners]
    expect(folders.map((each) => statSync(each).mode & 0o777)).toEqual([0o700, 0o700, 0o700, 0o700])
  })

  test('may be there already', async () => {
    await using folder = await testFolder()
    mkdirSync(join(folder.path, 'backend'), { mode: 0o755 })
    expect(statSync(openHome(folder.path).backend).mode & 0o777).toBe(0o700)
  })

  test('cannot be a file', async () => {
    await using folder = await testFolder()
    const root = join(folder.path, 'file')
    writeFileSync(root, '')
    expect(() => openHome(root)).toThrow(
      `${root} cannot be written (EEXIST): make it yours, or choose another folder with --home.`,
    )
  })

  // Node's own way to make the folders above a folder never comes back from there.
  test('is refused at once where the kernel makes no folders', { timeout: 5_000 }, () => {
    expect(() => openHome('/proc/self/octo/home')).toThrow('/proc/self/octo/home cannot be written (ENOENT)')
  })
})
