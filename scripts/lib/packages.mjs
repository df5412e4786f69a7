import { existsSync } from 'node:fs'
import path from 'node:path'
import { mustRun } from './run.mjs'
import { Stop } from './stop.mjs'

/** Programs that the tests drive, or compare with. On Debian each comes from the package of its own name. */
const TEST_PROGRAMS = ['chromium', 'git', 'htop', 'less', 'python3', 'vim']

/**
 * Brings the programs that the tests need, with apt-get where that is ours to use.
 *
 * @throws {Stop} a sentence that says what to install
 */
export async function installTestPackages() {
  const missing = TEST_PROGRAMS.filter((program) => !isInstalled(program))
  if (missing.length === 0) return
  const list = missing.join(' ')
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    throw new Stop(
      `The tests need ${missing.join(', ')}: install them (on Debian: sudo apt-get install ${list}), then run this again.`,
    )
  }
  process.stderr.write(`Installing Debian's ${missing.join(', ')} for the tests… (once, about a minute)\n`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const step = `Installing ${missing.join(', ')}`
  await mustRun(step, { command: 'apt-get', args: ['update', '-qq'], env })
  await mustRun(step, { command: 'apt-get', args: ['install', '-qq', '--no-install-recommends', ...missing], env })
}

/** @param {string} program */
function isInstalled(program) {
  return (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(path.join(folder, program)))
}
