import { chmodSync, mkdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { OctoError } from '@octo/protocol'
import { errorCode } from './error-code.ts'

/** Where octo keeps everything it writes. */
export interface Home {
  readonly root: string
  readonly config: string
  /** What the backend owns: accounts, keys, the lock. */
  readonly backend: string
  /** What lives only as long as processes do. */
  readonly run: string
  /** One folder for each runner, which owns what is in it. */
  readonly runners: string
}

/** The folder that was asked for: by option, else by `OCTO_HOME`, else `.octo` in the user's home. */
export function homePath(option: string | undefined): string {
  const chosen = option ?? process.env['OCTO_HOME']
  return chosen === undefined || chosen === '' ? join(homedir(), '.octo') : resolve(chosen)
}

/** Names the places below a home without touching them. */
export function homeAt(root: string): Home {
  return {
    root,
    config: join(root, 'config.toml'),
    backend: join(root, 'backend'),
    run: join(root, 'run'),
    runners: join(root, 'runners'),
  }
}

/**
 * Makes the folders of a home, readable for their owner alone.
 * @throws OctoError `permission_denied` if it cannot be written
 */
export function openHome(root: string): Home {
  const home = homeAt(root)
  try {
    makeFolder(root)
    for (const folder of [home.backend, home.run, home.runners]) {
      makeFolder(folder)
      chmodSync(folder, 0o700)
    }
  } catch (error) {
    throw new OctoError(
      'permission_denied',
      `${root} cannot be written (${errorCode(error) ?? 'unknown reason'}): make it yours, or choose another folder with --home.`,
      { cause: error },
    )
  }
  return home
}

/**
 * Makes a folder and those above it; one that is there already is fine. Node's `recursive` does not do: where the kernel
 * makes no folders (below `/proc`) it never comes back, and for others it hides the reason.
 */
function makeFolder(path: string): void {
  try {
    makeOneFolder(path)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || isFolder(dirname(path))) throw error
    makeFolder(dirname(path))
    makeOneFolder(path)
  }
}

function makeOneFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if (!isFolder(path)) throw error
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
