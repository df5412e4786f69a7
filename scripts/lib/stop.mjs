/** A failure that the person at the terminal can mend: its message is one sentence that says what to do. */
export class Stop extends Error {}

/** Output of npm, pnpm, the compilers and Node's own errors, by what it means for the person who reads it. */
const CAUSES = [
  {
    pattern: /ENOSPC|no space left on device/i,
    advice: 'the disk is full: free about 1 GB for this folder and for your home directory, then run this again',
  },
  {
    pattern: /EROFS|read-only file system/i,
    advice: 'the file system is read-only: use a checkout on one that can be written, then run this again',
  },
  {
    pattern: /EACCES|EPERM|permission denied/i,
    advice: 'a folder cannot be written: make this checkout and your home directory yours, then run this again',
  },
  {
    pattern: /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|dns error|error sending request/,
    advice: 'the package registry cannot be reached: connect this machine to it, then run this again',
  },
]

/**
 * Says in one sentence why a step failed, if its output shows a cause that the reader can mend.
 *
 * @param {string} step what was attempted, as the start of a sentence
 * @param {string} output what the failing program printed
 * @returns {string | null} the sentence, or null when the output itself has to be read
 */
export function explainFailure(step, output) {
  const cause = CAUSES.find(({ pattern }) => pattern.test(output))
  return cause ? `${step} failed because ${cause.advice}.` : null
}

/**
 * Runs a script's work; if it fails, prints the one sentence that helps and sets a failing exit code.
 *
 * @param {string} step what the script does, as the start of a sentence
 * @param {() => unknown} work
 */
export async function endOnFailure(step, work) {
  try {
    await work()
  } catch (error) {
    const sentence = error instanceof Stop ? error.message : explainFailure(step, String(error))
    process.stderr.write(`octo: ${sentence ?? /** @type {Error} */ (error).stack}\n`)
    process.exitCode = 1
  }
}
