import { constants } from 'node:fs'
import { access, realpath, stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { basename, join, relative, sep } from 'node:path'
import { OctoError, type TerminalId, type Workspace } from '@octo/protocol'

/** What is in a terminal's processes alone, so that closing it finds all of them, whatever they did to hide. */
export const MARKER_VARIABLE = 'OCTO_TERMINAL'

/**
 * What a terminal takes over from the runner. Everything else is left out: the runner's environment may hold keys meant
 * for it alone, and a login shell sets what its user wants.
 */
const INHERITED = [
  'HOME',
  'USER',
  'LOGNAME',
  'PATH',
  'TZ',
  'TMPDIR',
  'LANG',
  'LANGUAGE',
  'LC_ALL',
  'LC_CTYPE',
  'LC_COLLATE',
  'LC_MESSAGES',
  'LC_MONETARY',
  'LC_NUMERIC',
  'LC_TIME',
  'XDG_RUNTIME_DIR',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_CACHE_HOME',
  'XDG_STATE_HOME',
  'DBUS_SESSION_BUS_ADDRESS',
  'SSH_AUTH_SOCK',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'all_proxy',
] as const

/** Shells that become a login shell with `-l`; another program is started as it is. */
const LOGIN_SHELLS = new Set(['bash', 'zsh', 'fish', 'sh', 'dash', 'ash', 'ksh', 'mksh', 'nu', 'elvish'])

export interface ShellCommand {
  readonly file: string
  readonly args: readonly string[]
}

/**
 * The program a terminal runs: what is configured, or else the user's login shell.
 * @throws OctoError `unsupported` if it cannot be executed
 */
export async function findShell(configured: string | undefined): Promise<ShellCommand> {
  const file = configured ?? userInfo().shell ?? '/bin/sh'
  try {
    await access(file, constants.X_OK)
  } catch (cause) {
    throw new OctoError('unsupported', `The shell ${file} cannot be run. Set terminals.shell in config.toml.`, {
      cause,
    })
  }
  return { file, args: LOGIN_SHELLS.has(basename(file)) ? ['-l'] : [] }
}

/** The environment of a terminal's shell. */
export function shellEnvironment(
  runner: Readonly<NodeJS.ProcessEnv>,
  terminal: TerminalId,
  shell: string,
): Record<string, string> {
  const env: Record<string, string> = {}
  for (const name of INHERITED) {
    const value = runner[name]
    if (value !== undefined) env[name] = value
  }
  const user = userInfo()
  env['HOME'] ??= user.homedir
  env['USER'] ??= user.username
  env['LOGNAME'] ??= user.username
  env['PATH'] ??= '/usr/local/bin:/usr/bin:/bin'
  if (!isUtf8Locale(env)) env['LC_ALL'] = 'C.UTF-8'
  return {
    ...env,
    LANG: env['LANG'] ?? 'C.UTF-8',
    SHELL: shell,
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    TERM_PROGRAM: 'octo',
    [MARKER_VARIABLE]: terminal,
  }
}

/** The variable that decides about characters is the first of these that is set. */
function isUtf8Locale(env: Readonly<Record<string, string>>): boolean {
  const deciding = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || ''
  return /utf-?8/iu.test(deciding)
}

/**
 * Where a terminal starts: a folder of the workspace, given relative to it.
 * @throws OctoError `workspace_gone`, `path_outside` (also through links), `not_found` or `not_a_folder`
 */
export async function findFolder(workspace: Workspace, folder: string | undefined): Promise<string> {
  const root = await realpath(workspace.path).catch((cause: unknown) => {
    throw new OctoError('workspace_gone', `The folder ${workspace.path} of ${workspace.name} is not there.`, { cause })
  })
  if (folder === undefined || folder === '') return root
  if (folder.includes('\0')) throw new OctoError('bad_request', 'The name of a folder cannot contain a zero byte.')
  const path = await realpath(join(root, folder)).catch((cause: unknown) => {
    throw new OctoError('not_found', `There is no folder ${folder} in ${workspace.name}.`, { cause })
  })
  const inside = relative(root, path)
  if (inside === '..' || inside.startsWith(`..${sep}`)) {
    throw new OctoError('path_outside', `${folder} lies outside the workspace ${workspace.name}.`)
  }
  if (!(await stat(path)).isDirectory()) throw new OctoError('not_a_folder', `${folder} is a file, not a folder.`)
  return path
}
