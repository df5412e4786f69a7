/** A failure that the person at the terminal can mend: its message is one sentence that says what to do. */
export class Stop extends Error {}

/** What npm, pnpm and Node print, each in its own way, by what it means for the person who reads it. */
const CAUSES = [
  {
    pattern: /ENOSPC:|code ENOSPC|os error 28/,
    advice: 'the disk is full: free about 1 GB for this folder and for your home directory, then run this again',
  },
  {
    pattern: /EROFS:|code EROFS|os error 30/,
    advice: 'the file system is read-only: use a checkout on one that can be written, then run this again',
  },
  {
    pattern: /(EACCES|EPERM):|code (EACCES|EPERM)|os error (1|13)\b/,
    advice: 'a folder cannot be written: make this checkout and your home directory yours, then run this again',
  },
  {
    pattern: /code (ENOTFOUND|EAI_AGAIN|ECONN\w+|ENETUNREACH|ETIMEDOUT)|error sending request/,
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
  const unwrapped = output.replaceAll(/\s+/g, ' ')
  const cause = CAUSES.find(({ pattern }) => pattern.test(unwrapped))
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
