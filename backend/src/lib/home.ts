import { accessSync, constants, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { OctoError } from '@octo/protocol'

/** Where octo keeps what it writes. */
export interface Home {
  readonly root: string
  readonly config: string
  /** What the backend owns: accounts and its keys. */
  readonly backend: string
  readonly database: string
  readonly tokenKey: string
  /** Sockets and other things that live as long as a process. */
  readonly run: string
  readonly control: string
  readonly lock: string
  readonly runners: string
}

/** The folder that `--home` or OCTO_HOME names, or `~/.octo`. */
export function homePath(option: string | undefined): string {
  return resolve(option ?? process.env['OCTO_HOME'] ?? join(homedir(), '.octo'))
}

/** Names the places below a home without touching the disk. */
export function homeAt(root: string): Home {
  const backend = join(root, 'backend')
  const run = join(root, 'run')
  return {
    root,
    config: join(root, 'config.toml'),
    backend,
    database: join(backend, 'octo.db'),
    tokenKey: join(backend, 'token.key'),
    run,
    control: join(run, 'control.sock'),
    lock: join(run, 'octo.lock'),
    runners: join(root, 'runners'),
  }
}

/**
 * Makes the folders of a home, readable for their owner alone.
 * @throws OctoError `permission_denied` or `no_space` if they cannot be made or written
 */
export function openHome(root: string): Home {
  const home = homeAt(root)
  try {
    for (const folder of [home.root, home.backend, home.run, home.runners]) {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    }
  } catch (error) {
    throw refusal(root, error)
  }
  return home
}

function refusal(root: string, error: unknown): OctoError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC') {
    return new OctoError('no_space', `There is no space left for ${root}. Free some, or choose another --home.`, {
      cause: error,
    })
  }
  return new OctoError(
    'permission_denied',
    `${root} cannot be written. Mend its permissions, or choose another --home.`,
    {
      cause: error,
    },
  )
}
