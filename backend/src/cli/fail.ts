import { OctoError } from '@octo/protocol/client'

/** Runs a program; a failure that its user can mend is one sentence, anything else our bug. */
export async function runProgram(run: () => Promise<unknown>): Promise<void> {
  try {
    await run()
  } catch (error) {
    if (!(error instanceof OctoError)) throw error
    process.stderr.write(`octo: ${error.message}\n`)
    process.exitCode = 1
  }
}
