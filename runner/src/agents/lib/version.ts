import { homedir } from 'node:os'
import { OctoError } from '@octo/protocol'
import type { ProcessHost } from '../../holder/index.ts'
import type { AgentStatus } from '../adapter.ts'
import { cleanEnvironment } from './clean-environment.ts'

/** Some agents load half of themselves before they say their version. */
const PATIENCE_MS = 10_000

const MAX_SAID_CHARS = 4_096

/** Runs a program with `--version`. A program that is there but answers something else is installed all the same. */
export async function askVersion(
  host: ProcessHost,
  program: { readonly command: string; readonly args: readonly string[] },
): Promise<AgentStatus> {
  const exited = Promise.withResolvers<void>()
  let said = ''
  try {
    const child = await host.start(
      { ...program, args: [...program.args, '--version'], cwd: homedir(), env: cleanEnvironment({}) },
      {
        output(bytes) {
          if (said.length < MAX_SAID_CHARS) said += Buffer.from(bytes).toString('utf8')
        },
        errorOutput() {},
        exited: () => exited.resolve(),
      },
    )
    child.closeInput()
    const timer = setTimeout(() => void child.signalTree('SIGKILL'), PATIENCE_MS)
    await exited.promise
    clearTimeout(timer)
  } catch (error) {
    if (error instanceof OctoError) return { installed: false, problem: error.message }
    throw error
  }
  const version = /\d+\.\d+[\w.+-]*/u.exec(said)?.[0]
  return version === undefined ? { installed: true } : { installed: true, version }
}
