import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Where a runner keeps what it owns. All of it lies below one folder that only its user can read. */
export interface Home {
  readonly root: string
  /** The session store. */
  readonly database: string
  readonly blobs: string
  /** Provider keys, mode 0600. */
  readonly keys: string
  /** Deleted files of workspaces, until they are restored or too old. */
  readonly trash: string
  /** Notes of file contents that are being written into workspaces. */
  readonly partials: string
  /** Folders that agents are given for their own settings and histories. */
  readonly agents: string
}

/** Names the places below `root` and makes its folders, readable for their owner alone. */
export async function openHome(root: string): Promise<Home> {
  const home: Home = {
    root,
    database: join(root, 'runner.db'),
    blobs: join(root, 'blobs'),
    keys: join(root, 'keys.json'),
    trash: join(root, 'trash'),
    partials: join(root, 'partials'),
    agents: join(root, 'agents'),
  }
  for (const folder of [root, home.blobs, home.trash, home.partials, home.agents]) {
    await mkdir(folder, { recursive: true, mode: 0o700 })
  }
  return home
}
