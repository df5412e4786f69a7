import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/**
 * What no repository may decide: programs to run when git looks at files. Given on the command line, these win over
 * whatever a repository's own settings say.
 */
const SAFE_SETTINGS = ['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'core.untrackedCache=false']

/** Variables that would point git at another repository than the one of its folder. */
const POINTERS = /^GIT_/u

function safeEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !POINTERS.test(name))
  return {
    ...Object.fromEntries(own),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    // A repository may lack objects and name a program that would fetch them: no protocol is allowed.
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_NO_LAZY_FETCH: '1',
    LC_ALL: 'C',
  }
}

export interface GitRun {
  readonly args: readonly string[]
  /** Where it runs; a path through `/proc/self/fd` holds it to one very folder. */
  readonly folder: string
  readonly input?: string
  readonly signal?: AbortSignal
}

/** How much git may say about a failure. */
const MAX_STDERR_BYTES = 4_096

/**
 * Runs git in a folder that may be hostile, reading only, and hands over what it prints field by field as its `-z`
 * output comes. `take` returns false to have no more.
 * @returns the exit code; `null` if it was ended early, or if there is no git on this machine
 */
export async function readGit(
  run: GitRun,
  take: (field: string) => boolean,
): Promise<{ code: number | null; says: string }> {
  const settings = SAFE_SETTINGS.flatMap((setting) => ['-c', setting])
  const child = spawn('git', [...settings, '--no-pager', ...run.args], {
    cwd: run.folder,
    env: safeEnvironment(),
    stdio: 'pipe',
    ...(run.signal === undefined ? {} : { signal: run.signal, killSignal: 'SIGKILL' as const }),
  })
  const ended = ending(child)
  const says = collect(child.stderr, MAX_STDERR_BYTES)
  const input = feed(child.stdin, run.input ?? '')
  await readFields(child.stdout, (field) => {
    const more = take(field)
    if (!more) child.kill('SIGKILL')
    return more
  })
  await input
  return { code: await ended, says: await says }
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>

async function ending(child: Child): Promise<number | null> {
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    return code
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ABORT_ERR'].includes(String(error.code))) return null
    throw error
  }
}

/** Git may end before it has read everything; what it made of it then says its exit code. */
async function feed(stdin: Writable, input: string): Promise<void> {
  await pipeline([input], stdin).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (!['EPIPE', 'ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED'].includes(code)) throw error
  })
}

/** A path may have 4096 bytes; a field far beyond is no path and only fills memory. */
const MAX_FIELD_CHARS = 65_536

async function readFields(stdout: Readable, take: (field: string) => boolean): Promise<void> {
  stdout.setEncoding('utf8')
  let rest = ''
  let wanted = true
  for await (const chunk of stdout as AsyncIterable<string>) {
    if (!wanted) continue
    const fields = (rest + chunk).split('\0')
    rest = fields.pop() ?? ''
    wanted = rest.length <= MAX_FIELD_CHARS && fields.every(take)
  }
}

async function collect(stderr: Readable, maxBytes: number): Promise<string> {
  stderr.setEncoding('utf8')
  let text = ''
  for await (const chunk of stderr as AsyncIterable<string>) text = (text + chunk).slice(0, maxBytes)
  return text.trim()
}
